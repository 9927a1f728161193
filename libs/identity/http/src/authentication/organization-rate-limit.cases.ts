import { beforeEach, describe, expect, it } from '@jest/globals';
import { VerificationMetrics } from '@feather-identity/core';
import { FixedClock } from '@feather-identity/core/testing';
import { ApiError } from '@feather-identity/shared-http';
import fc from 'fast-check';
import { MemoryRateLimitStore } from './memory-rate-limit-store.js';
import { OrganizationRateLimit } from './organization-rate-limit.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const LIMIT = 6_000;
const MINUTE = 60_000;

describe('the rate limit of organizations', () => {
  let clock: FixedClock;

  beforeEach(() => {
    clock = new FixedClock();
  });

  const limitOf = (perMinute: number) =>
    new OrganizationRateLimit(perMinute, new MemoryRateLimitStore(clock), new VerificationMetrics());

  /** The refusal of one request, or undefined when it was let through. */
  function refusalOf(limit: OrganizationRateLimit, id = 'A'): ApiError | undefined {
    try {
      void limit.spend(id);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }
  function passed(limit: OrganizationRateLimit, requests: number, id = 'A'): number {
    let count = 0;
    for (let request = 0; request < requests; request += 1) if (refusalOf(limit, id) === undefined) count += 1;
    return count;
  }
  /** A string with integer parameters, the part of RFC 9651 that the draft needs. */
  function parsed(field = ''): Record<string, string | undefined> {
    const { name, parameters = '' } = /^"(?<name>\w+)"(?<parameters>(;[a-z]+=\d+)+)$/.exec(field)?.groups ?? {};
    return { name, ...Object.fromEntries(new URLSearchParams(parameters.replaceAll(';', '&'))) };
  }

  it('lets exactly so many through, then answers 429 that says when to come back (RL1)', () => {
    const limit = limitOf(LIMIT);
    expect(passed(limit, LIMIT + 500)).toBe(LIMIT);
    clock.advance(1_300);
    const refusal = refusalOf(limit)!;
    const { headers } = refusal;
    expect(refusal.getStatus()).toBe(429);
    expect(refusal.getResponse()).toEqual({
      error: 'rate_limited',
      message: 'The organization has made too many requests. Try again later.',
      retryable: true,
      retry_after: 59,
    });
    expect(Object.keys(headers)).toEqual(['RateLimit', 'RateLimit-Policy', 'Retry-After']);
    expect(parsed(headers['RateLimit'])).toEqual({ name: 'organization', r: '0', t: '59' });
    expect(parsed(headers['RateLimit-Policy'])).toEqual({ name: 'organization', q: '6000', w: '60' });
  });

  it('lets one through after the seconds that it said, and only that one', () => {
    const limit = limitOf(3);
    for (const gap of [0, 5_000, 400]) {
      clock.advance(gap);
      void limit.spend('A');
    }
    clock.advance(1);
    expect(refusalOf(limit)?.headers['Retry-After']).toBe('55');
    clock.advance(54_000);
    expect(refusalOf(limit)?.headers['Retry-After']).toBe('1');
    clock.advance(1_000);
    expect(passed(limit, 2)).toBe(1);
  });

  const seeds = [0, 1, 2].map((nth) => fuzz.seed + nth);
  it.each(seeds)('decides as an array of all that was accepted does, also when time steps back (seed %i)', (seed) => {
    const gap = fc.oneof(fc.nat(20_000), fc.constantFrom(0, 30_000, 59_999, MINUTE, 60_001), fc.integer({ max: -1 }));
    const arrival = fc.tuple(gap, fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 6 }));
    const decidesAlike = fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(arrival, { maxLength: 60 }),
      (perMinute, arrivals) => {
        clock.set(new Date('2026-01-02T03:04:05.678Z'));
        const limit = limitOf(perMinute);
        const accepted: { id: string; at: number }[] = [];
        let at = 0;
        return arrivals.every(([step, id, requests]) => {
          clock.advance(step);
          at += Math.max(0, step);
          const recent = accepted.filter((one) => one.id === id && one.at > at - MINUTE).length;
          const expected = Math.min(requests, perMinute - recent);
          accepted.push(...Array<{ id: string; at: number }>(expected).fill({ id, at }));
          return passed(limit, requests, id) === expected;
        });
      },
    );
    fc.assert(decidesAlike, { numRuns: 500 * fuzz.factor, seed });
  });

  it('counts each organization alone, however its name is made up (AZ10)', () => {
    const limit = limitOf(2);
    const ids = ['A', 'a', 'b', 'a:b', 'a:', ':b', 'a:b:c', 'b:c', '', ' ', 'a ', '__proto__', 'constructor', 'ａ'];
    for (const id of ids) expect([id, passed(limit, 3, id)]).toEqual([id, 2]);
  });

  it('locks nobody out for longer than a minute when the clock goes back, and gives nothing away', () => {
    const limit = limitOf(10);
    expect(passed(limit, 6)).toBe(6);
    clock.advance(-3_600_000);
    expect(passed(limit, 6)).toBe(4);
    expect(refusalOf(limit)?.headers['Retry-After']).toBe('60');
    clock.advance(MINUTE);
    expect(passed(limit, 11)).toBe(10);
  });
});
