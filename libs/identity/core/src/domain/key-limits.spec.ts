import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertQuota,
  assertRateLimit,
  isQuotaWithin,
  isRateWithin,
  type Quota,
  quotaPeriodAt,
  type RateLimit,
} from './key-limits.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const rate = (requests: number, seconds: number): RateLimit => ({ requests, seconds });
const quota = (requests: number, period: string): Quota => ({ requests, period: period as 'day' });

describe('a rate limit', () => {
  it.each([
    [0, 1],
    [1, 0],
    [-1, 60],
    [1.5, 60],
    [60, 0.5],
    [100_001, 60],
    [1, 3601],
    [Number.NaN, 60],
    ['5' as unknown as number, 60],
  ])('has whole numbers in their bounds, not %p in %p s', (requests, seconds) => {
    expect(() => assertRateLimit(rate(requests, seconds))).toThrow(
      expect.objectContaining({ code: 'api_key.limit_invalid' }),
    );
    expect(() => assertRateLimit(rate(100_000, 3600))).not.toThrow();
  });

  it('is within another one only if no sequence of requests that it admits exceeds that one', () => {
    const limit = fc.record({ requests: fc.integer({ min: 1, max: 9 }), seconds: fc.integer({ min: 1, max: 9 }) });
    // The most that a sliding window lets through: all at once, and again as soon as it may.
    const mostIn = ({ requests, seconds }: RateLimit, stretch: number) => requests * Math.ceil(stretch / seconds);
    const property = fc.property(limit, limit, (inner, outer) => {
      expect(isRateWithin(inner, outer)).toBe(mostIn(inner, outer.seconds) <= outer.requests);
    });
    fc.assert(property, { seed: fuzz.seed });
  });

  it.each([
    [null, null, true],
    [rate(1, 1), null, true],
    [null, rate(1, 1), false],
    [rate(100, 60), rate(100, 60), true],
    [rate(101, 60), rate(100, 60), false],
    [rate(100, 3600), rate(100, 60), true],
    [rate(100, 59), rate(100, 60), false],
    [rate(1, 1), rate(60, 60), true],
    [rate(1, 1), rate(59, 60), false],
  ])('%j within %j: %p', (inner, outer, expected) => {
    expect(isRateWithin(inner, outer)).toBe(expected);
  });
});

describe('a quota', () => {
  it.each([
    [0, 'day'],
    [1_000_000_001, 'day'],
    [1.5, 'month'],
    [1, 'year'],
    [1, 'toString'],
  ])('has a whole number in its bounds, and a period: not %p a %s', (requests, period) => {
    expect(() => assertQuota(quota(requests, period))).toThrow(
      expect.objectContaining({ code: 'api_key.limit_invalid' }),
    );
    expect(() => assertQuota(quota(1_000_000_000, 'month'))).not.toThrow();
  });

  it.each([
    [null, null, true],
    [quota(1, 'day'), null, true],
    [null, quota(1, 'day'), false],
    [quota(5, 'day'), quota(5, 'day'), true],
    [quota(6, 'day'), quota(5, 'day'), false],
    [quota(5, 'month'), quota(5, 'day'), true],
    [quota(6, 'month'), quota(5, 'day'), false],
    [quota(1, 'day'), quota(31, 'month'), true],
    [quota(1, 'day'), quota(30, 'month'), false],
  ])('%j within %j: %p', (inner, outer, expected) => {
    expect(isQuotaWithin(inner, outer)).toBe(expected);
  });

  it.each([
    ['day', '2026-02-28T23:59:59.999Z', '2026-02-28', '2026-03-01'],
    ['day', '2026-12-31T00:00:00Z', '2026-12-31', '2027-01-01'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
    ['month', '2028-02-29T12:00:00Z', '2028-02-01', '2028-03-01'],
  ] as const)('counts a %s of UTC: %s', (period, at, startsAt, endsAt) => {
    expect(quotaPeriodAt(period, new Date(at))).toEqual({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) });
  });
});
