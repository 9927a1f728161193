import { describe, expect, it } from '@jest/globals';
import { chartBuckets, chartStart } from './days.js';

const NOW = Date.parse('2026-11-30T12:34:56Z');
const bucket = (startsAt: string, accepted: number, limit = 0) => ({
  starts_at: startsAt,
  accepted,
  refused_state: 0,
  refused_scope: 1,
  refused_limit: limit,
  refused_address: 0,
});

describe('a chart', () => {
  it.each([
    ['hour', '2026-11-28T13:00:00.000Z', 48],
    ['day', '2026-11-01T00:00:00.000Z', 30],
    ['month', '2025-12-01T00:00:00.000Z', 12],
  ] as const)('by %s begins at %s and ends now', (by, start, length) => {
    expect(chartStart(by, NOW)).toBe(start);
    const buckets = chartBuckets(by, NOW, []);
    expect(buckets).toHaveLength(length);
    expect(new Date(buckets[0]?.startsAt ?? 0).toISOString()).toBe(start);
  });

  it('has a place for every day, also for those that the answer leaves out', () => {
    const days = chartBuckets('day', NOW, [bucket('2026-11-02T00:00:00Z', 5, 2)]);
    expect(days.slice(0, 3).map(({ accepted, refused }) => [accepted, refused])).toEqual([
      [0, 0],
      [5, 3],
      [0, 0],
    ]);
  });
});
