import { describe, expect, it } from '@jest/globals';
import { compactCount, counted, share } from './numbers.js';
import { countdown, relativeTime, utcTime } from './time.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-30T12:00:00Z');

describe('a time', () => {
  it.each([
    [0, 'just now'],
    [59 * SECOND, 'just now'],
    [MINUTE, '1 min ago'],
    [59 * MINUTE, '59 min ago'],
    [HOUR, 'an hour ago'],
    [119 * MINUTE, 'an hour ago'],
    [47 * HOUR, 'a day ago'],
    [45 * DAY, '45 days ago'],
    [100 * DAY, '3 months ago'],
    [400 * DAY, 'a year ago'],
    [800 * DAY, '2 years ago'],
    [-30 * SECOND, 'in under a minute'],
    [-3 * DAY, 'in 3 days'],
    [MINUTE - 7 * DAY, 'in 7 days'],
    [MINUTE - 30 * DAY, 'in 30 days'],
    [MINUTE - 365 * DAY, 'in 12 months'],
  ])('that was %d ms ago is said as %s', (passed, said) => {
    expect(relativeTime(NOW - passed, NOW)).toBe(said);
  });

  it('that is awaited has two units', () => {
    expect(countdown(2 * DAY + 4 * HOUR)).toBe('2 d 4 h');
    expect(countdown(3 * HOUR + 7 * MINUTE)).toBe('3 h 07 min');
    expect(countdown(4 * MINUTE + 5 * SECOND)).toBe('4 min 05 s');
    expect(countdown(-1)).toBe('0 min 00 s');
  });

  it('is exact in UTC', () => {
    expect(utcTime(NOW)).toBe('2026-11-30 12:00:00 UTC');
  });
});

describe('a number', () => {
  it('is exact up to 9,999, and fits a column after that', () => {
    expect([0, 9999, 10_000, 1_234_567].map(compactCount)).toEqual(['0', '9,999', '10K', '1.2M']);
  });

  it('has its noun', () => {
    expect([counted(1, 'key'), counted(2000, 'key')]).toEqual(['1 key', '2,000 keys']);
  });

  it('as a share is never rounded to nothing', () => {
    expect([share(0, 0), share(0, 9), share(1, 1000), share(1, 3), share(3, 3)]).toEqual([
      '0%',
      '0%',
      '<1%',
      '33%',
      '100%',
    ]);
  });
});
