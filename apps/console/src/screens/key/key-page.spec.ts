import { describe, expect, it } from '@jest/globals';
import { changesOf } from './key-changes.js';
import { phraseFor } from './revoke-phrase.js';

describe('to revoke a key, one types', () => {
  it('its name', () => {
    expect(phraseFor(' Web shop, production ', 'fth_live_4fQ9bT2x')).toBe('Web shop, production');
  });

  it.each(['株式会社', 'a'.repeat(41), 'two  spaces', ''])(
    'its public part, where the name cannot well be typed: %j',
    (name) => {
      expect(phraseFor(name, 'fth_live_4fQ9bT2x')).toBe('fth_live_4fQ9bT2x');
    },
  );
});

describe('a change of a key', () => {
  const limits = { rate: '', window: '60', quota: '', period: 'month', networks: '' } as const;
  const before = { name: 'shop', description: '', labels: '', scopes: ['a:b', 'c:d'], expires: '', limits };
  const nothing = { labels: [], rate_limit: null, quota: null, allowed_networks: null };

  it('has only what was changed', () => {
    expect(changesOf(before, before, nothing)).toEqual({});
    expect(changesOf(before, { ...before, limits: { ...limits, window: '1', period: 'day' } }, nothing)).toEqual({});
    expect(changesOf(before, { ...before, name: ' web shop ' }, nothing)).toEqual({ name: 'web shop' });
    expect(changesOf(before, { ...before, scopes: ['c:d', 'a:b'] }, nothing)).toEqual({});
    expect(changesOf(before, { ...before, scopes: ['c:d'] }, nothing)).toEqual({ scopes: ['c:d'] });
  });

  it('takes away what was emptied', () => {
    const full = {
      name: 'shop',
      description: 'x',
      labels: 'a',
      scopes: before.scopes,
      expires: '2099-01-01T00:00',
      limits: { ...limits, rate: '1', quota: '2', networks: '::1' },
    };
    expect(changesOf(full, { ...before }, nothing)).toEqual({
      description: null,
      labels: [],
      expires_at: null,
      rate_limit: null,
      quota: null,
      allowed_networks: null,
    });
  });
});
