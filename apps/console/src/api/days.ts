import { refusedOf, type Granularity, type UsageBucket } from '@feather-identity/react';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How much of the past a chart shows, and how its bars are called. */
const SPANS = { hour: 48, day: 30, month: 12 } as const;

/** Where the bucket that is `back` before the one of `now` begins (UTC). */
function startOf(granularity: Granularity, now: number, back: number): number {
  if (granularity === 'hour') return Math.floor(now / HOUR) * HOUR - back * HOUR;
  if (granularity === 'day') return Math.floor(now / DAY) * DAY - back * DAY;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1);
}

/** Where a chart of this granularity begins: stable within a bucket, so that it can name an answer in the cache. */
export function chartStart(granularity: Granularity, now: number): string {
  return new Date(startOf(granularity, now, SPANS[granularity] - 1)).toISOString();
}

/** A bucket of a chart; the service leaves out those without a request. */
export interface ChartBucket {
  readonly startsAt: number;
  readonly accepted: number;
  readonly refused: number;
  readonly bucket: UsageBucket | null;
}

/** All buckets of a chart, in order, with zeros where nothing happened. */
export function chartBuckets(
  granularity: Granularity,
  now: number,
  buckets: readonly UsageBucket[],
): readonly ChartBucket[] {
  const byStart = new Map(buckets.map((bucket) => [Date.parse(bucket.starts_at), bucket]));
  return Array.from({ length: SPANS[granularity] }, (_, index) => {
    const startsAt = startOf(granularity, now, SPANS[granularity] - 1 - index);
    const bucket = byStart.get(startsAt) ?? null;
    return { startsAt, bucket, accepted: bucket?.accepted ?? 0, refused: bucket === null ? 0 : refusedOf(bucket) };
  });
}

const formats = {
  hour: new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }),
};
const titles = {
  hour: new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat('en', { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
};

/** What stands below a bar, and what it is called in full. Days and months are those of UTC. */
export function bucketNames(
  granularity: Granularity,
  startsAt: number,
): { readonly label: string; readonly title: string } {
  const utc = granularity === 'hour' ? '' : ' (UTC)';
  return { label: formats[granularity].format(startsAt), title: `${titles[granularity].format(startsAt)}${utc}` };
}
