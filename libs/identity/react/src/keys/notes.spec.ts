import { describe, expect, it } from '@jest/globals';
import { limitProblems, limitsBody, NO_LIMITS, typedLimits } from './typed-limits.js';
import { quotaText, rateLimitText } from './limits.js';
import { labelsProblem, networksProblem, splitList } from './notes.js';

describe('what is typed about a key', () => {
  it('is a list, however it is separated', () => {
    expect(splitList(' team:shop,production\n eu ;eu ')).toEqual(['team:shop', 'production', 'eu']);
    expect(splitList(' ')).toEqual([]);
  });

  it('may be labels', () => {
    expect(labelsProblem('team:shop, a, v1.2/x-y_z')).toBeNull();
    expect(labelsProblem('Team')).toContain('“Team”');
    expect(labelsProblem('-a')).toContain('“-a”');
    expect(labelsProblem('a'.repeat(64))).not.toBeNull();
    expect(labelsProblem(Array.from({ length: 21 }, (_, index) => `l${index}`).join())).toContain('20');
  });

  it('may be networks', () => {
    expect(networksProblem('203.0.113.7 10.0.0.0/8\n2001:db8::/32')).toBeNull();
    for (const wrong of ['example.com', '10', 'dead', '10.0.0.0/']) expect(networksProblem(wrong)).toContain(wrong);
  });

  it('may be limits, with or without separators in numbers', () => {
    const typed = { ...NO_LIMITS, rate: '1,000', quota: '1 000 000', networks: '::1' };
    expect(Object.values(limitProblems(typed))).toEqual([null, null, null]);
    expect(limitsBody(typed)).toEqual({
      rate_limit: { requests: 1000, seconds: 60 },
      quota: { requests: 1_000_000, period: 'month' },
      allowed_networks: ['::1'],
    });
    expect(limitProblems({ ...NO_LIMITS, rate: '0', quota: '1.5' })).toMatchObject({
      rate: 'A whole number from 1 to 100,000.',
      quota: 'A whole number from 1 to 1,000,000,000.',
    });
  });

  it('comes back as it is stored', () => {
    const body = { rate_limit: { requests: 5, seconds: 7 }, quota: null, allowed_networks: ['::1', '10.0.0.0/8'] };
    expect(limitsBody(typedLimits(body.rate_limit, body.quota, body.allowed_networks))).toEqual(body);
    expect(limitsBody(NO_LIMITS)).toEqual({ rate_limit: null, quota: null, allowed_networks: null });
  });

  it('is read out in words', () => {
    expect(rateLimitText({ requests: 600, seconds: 60 })).toBe('600 a minute');
    expect(rateLimitText({ requests: 600, seconds: 90 })).toBe('600 in 90 s');
    expect(quotaText({ requests: 100_000, period: 'month' })).toBe('100,000 a month');
  });
});
