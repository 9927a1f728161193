import { describe, expect, it } from '@jest/globals';
import { toQuota, toRateLimit } from './key-limits.js';

describe('the limits of a row that somebody has damaged', () => {
  it.each([
    [null, 60],
    [5, null],
    [0, 60],
    [-1, 60],
    [5, 0],
    ['abc', 60],
  ])('admit nothing: %p requests in %p s', (requests, seconds) => {
    expect(toRateLimit(requests as number, seconds)).toEqual({ requests: 0, seconds: 1 });
  });

  it.each([
    [null, 'day'],
    [5, null],
    [0, 'day'],
    [5, 'year'],
  ])('admit nothing: %p requests a %p', (requests, period) => {
    expect(toQuota(requests, period as 'day')).toEqual({ requests: 0, period: 'day' });
  });

  it('are none only where nothing is there', () => {
    expect([toRateLimit(null, null), toQuota(null, null)]).toEqual([null, null]);
    expect(toRateLimit(5, 60)).toEqual({ requests: 5, seconds: 60 });
    expect(toQuota(5, 'month')).toEqual({ requests: 5, period: 'month' });
  });
});
