import { describe, expect, it } from '@jest/globals';
import { bucketStarts, granularityOf, SPANS, spanStart, type Span } from './span.js';

const at = (text: string): number => Date.parse(text);
const spans = Object.keys(SPANS) as Span[];

describe('a span of usage', () => {
  it.each([
    ['24h', '2026-11-29T10:00:00Z'],
    ['7d', '2026-11-24T00:00:00Z'],
    ['30d', '2026-11-01T00:00:00Z'],
    ['12mo', '2025-12-01T00:00:00Z'],
  ] as const)('%s begins with a whole hour, day or month of UTC', (span, start) => {
    expect(spanStart(span, at('2026-11-30T09:15:04.123Z'))).toBe(at(start));
  });

  it.each(spans)('%s has a bar for now and as many as it says', (span) => {
    const now = at('2027-03-31T23:59:59Z');
    const starts = bucketStarts(SPANS[span].unit, spanStart(span, now), now);
    expect(starts).toHaveLength(SPANS[span].units);
    expect(starts.at(-1)).toBeLessThanOrEqual(now);
  });

  it.each(spans)('%s stays within what the service answers', (span) => {
    const now = at('2028-02-29T12:00:00Z');
    const days = (now - spanStart(span, now)) / 86_400_000;
    for (const granularity of SPANS[span].granularities) {
      expect(days).toBeLessThanOrEqual({ hour: 31, day: 400, month: 3 * 365 }[granularity]);
    }
  });

  it('is cut into what was asked for only if it can be', () => {
    expect(granularityOf('7d', 'hour')).toBe('hour');
    expect(granularityOf('30d', 'hour')).toBe('day');
    expect(granularityOf('12mo', undefined)).toBe('month');
  });
});

describe('the buckets of a span', () => {
  it('begin where the months of UTC do', () => {
    expect(bucketStarts('month', at('2026-01-31T00:00:00Z'), at('2026-04-01T00:00:00Z'))).toEqual(
      ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'].map((day) => at(`${day}T00:00:00Z`)),
    );
  });

  it('are one for a moment', () => {
    expect(bucketStarts('hour', at('2026-11-30T09:15:00Z'), at('2026-11-30T09:15:00Z'))).toEqual([
      at('2026-11-30T09:00:00Z'),
    ]);
  });
});
