import { describe, expect, it } from '@jest/globals';
import { endIsUrgent, stateOf, type KeyLife } from './key-state.js';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const life = (change: Partial<KeyLife>): KeyLife => ({ is_active: true, expires_at: null, ...change });
const [PAST, SOON, LATER] = ['2026-11-30T11:59:59Z', '2026-12-07T12:00:00Z', '2026-12-07T12:00:01Z'];

describe('the state of a key', () => {
  it.each<[string, Partial<KeyLife>]>([
    ['active', {}],
    ['active', { expires_at: LATER }],
    ['expiring', { expires_at: SOON }],
    ['expired', { expires_at: PAST }],
    ['rotating', { previous_secret_expires_at: SOON }],
    ['active', { previous_secret_expires_at: PAST }],
    ['disabled', { is_active: false }],
    ['revoked', { revoked_at: PAST }],
  ])('is %s for %j', (state, change) => {
    expect(stateOf(life(change), NOW)).toBe(state);
  });

  it('is what the service counts it as, where several apply', () => {
    expect(stateOf(life({ revoked_at: PAST, is_active: false, expires_at: PAST }), NOW)).toBe('revoked');
    expect(stateOf(life({ is_active: false, expires_at: PAST }), NOW)).toBe('expired');
    expect(stateOf(life({ expires_at: PAST, previous_secret_expires_at: SOON }), NOW)).toBe('expired');
  });
});

describe('an end that is near', () => {
  it.each([
    ['is as it should be for a key made for a week just now', '2026-11-30T11:59:00Z', false],
    ['is urgent after half of its life', '2026-11-23T11:59:00Z', true],
    ['is urgent where nothing says how long it was', undefined, true],
  ])('%s', (_, made, urgent) => {
    expect(endIsUrgent(life({ expires_at: SOON, ...(made !== undefined && { created_at: made }) }), NOW)).toBe(urgent);
  });
});
