import { describe, expect, it } from '@jest/globals';
import { defaultExpiry, expiryBounds, expiryChoices, expiryOf, forDateInput } from './expiry.js';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const values = (...given: Parameters<typeof expiryChoices>) => expiryChoices(...given).map(({ value }) => value);

describe('the end of a new key', () => {
  it('is free without a policy and for a caller without an end', () => {
    const bounds = expiryBounds(NOW, null, null);
    expect(values(NOW, bounds, false)).toEqual(['7', '30', '90', '365', 'custom', 'never']);
    expect(defaultExpiry(expiryChoices(NOW, bounds, false))).toBe('90');
  });

  it('is offered no later than the policy and the caller allow', () => {
    expect(values(NOW, expiryBounds(NOW, 60, null), true)).toEqual(['7', '30', 'latest', 'custom']);
    const soon = expiryBounds(NOW, 365, '2026-12-02T12:00:00Z');
    expect(values(NOW, soon, false)).toEqual(['latest', 'custom']);
    expect(defaultExpiry(expiryChoices(NOW, soon, false))).toBe('latest');
    const month = expiryBounds(NOW, 30, null);
    expect(values(NOW, month, true)).toEqual(['7', '30', 'custom']);
    expect(defaultExpiry(expiryChoices(NOW, month, true))).toBe('30');
    expect(expiryOf('latest', '', NOW, soon)).toBe('2026-12-02T11:59:59.000Z');
  });

  it('is never only where no end is demanded', () => {
    expect(values(NOW, expiryBounds(NOW, null, null), true)).not.toContain('never');
  });

  it('is what was chosen', () => {
    const bounds = expiryBounds(NOW, null, null);
    expect(expiryOf('7', '', NOW, bounds)).toBe('2026-12-07T12:00:00.000Z');
    expect(expiryOf('never', '', NOW, bounds)).toBeNull();
    expect(expiryOf('custom', '', NOW, bounds)).toBeUndefined();
    expect(expiryOf('custom', forDateInput(NOW), NOW, bounds)).toBe('2026-11-30T12:00:00.000Z');
  });
});
