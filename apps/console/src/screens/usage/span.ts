import type { Granularity } from '@feather-identity/react';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A span of time that ends now: how many units back it begins, counting the one of now, and into what it can be cut. */
interface SpanShape {
  readonly label: string;
  readonly unit: Granularity;
  readonly units: number;
  /** The first one is the default. */
  readonly granularities: readonly Granularity[];
}

/** The spans that the page offers. */
export const SPANS = {
  '24h': { label: '24 hours', unit: 'hour', units: 24, granularities: ['hour'] },
  '7d': { label: '7 days', unit: 'day', units: 7, granularities: ['day', 'hour'] },
  '30d': { label: '30 days', unit: 'day', units: 30, granularities: ['day'] },
  '90d': { label: '90 days', unit: 'day', units: 90, granularities: ['day', 'month'] },
  '12mo': { label: '12 months', unit: 'month', units: 12, granularities: ['month', 'day'] },
} as const satisfies Record<string, SpanShape>;

/** The name of a span. */
export type Span = keyof typeof SPANS;

/** What a span is cut into: what was asked for, if it can be. */
export function granularityOf(span: Span, asked: Granularity | undefined): Granularity {
  const { granularities } = SPANS[span] as SpanShape;
  return granularities.find((each) => each === asked) ?? granularities[0] ?? 'day';
}

/**
 * When a span begins: with a whole hour, day or month of UTC, so that all of its bars are whole.
 *
 * @param now - milliseconds since 1970
 */
export function spanStart(span: Span, now: number): number {
  const { unit, units } = SPANS[span];
  return bucketStart(unit, now, 1 - units);
}

/** When all buckets begin, from the one that holds `from` to the one that holds `to`. */
export function bucketStarts(granularity: Granularity, from: number, to: number): readonly number[] {
  const starts: number[] = [];
  for (let index = 0; ; index += 1) {
    const start = bucketStart(granularity, from, index);
    if (start > to) return starts;
    starts.push(start);
  }
}

/** When the bucket of an instant begins, or one some buckets later. */
function bucketStart(granularity: Granularity, instant: number, later: number): number {
  if (granularity === 'hour') return Math.floor(instant / HOUR) * HOUR + later * HOUR;
  if (granularity === 'day') return Math.floor(instant / DAY) * DAY + later * DAY;
  const date = new Date(instant);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
}
