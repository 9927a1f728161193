import { BarChart, refusedOf, Segmented, useNow, type Granularity } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { bucketNames, chartBuckets, chartStart } from '../../api/days.js';
import { usageQuery } from '../../api/queries.js';
import { Failure } from '../../layout/failure.js';
import { Figures } from '../usage/figures.js';
import { reasonLines } from '../usage/reasons.js';

const CHOICES = [
  { value: 'hour', label: '48 hours' },
  { value: 'day', label: '30 days' },
  { value: 'month', label: '12 months' },
] as const;

/** The requests with a key: accepted, and refused with reasons. */
export function KeyUsageChart({
  keyId,
  by,
  onBy,
}: {
  readonly keyId: string;
  readonly by: Granularity;
  readonly onBy: (by: Granularity) => void;
}): ReactElement {
  const now = useNow();
  const usage = useQuery(usageQuery({ from: chartStart(by, now), granularity: by, keys: [keyId] }));
  const { data } = usage;
  const span = CHOICES.find(({ value }) => value === by)?.label ?? '';
  const buckets = data?.granularity === by ? data.buckets : [];
  const bars = chartBuckets(by, now, buckets).map(({ startsAt, accepted, refused, bucket }) => ({
    ...bucketNames(by, startsAt),
    accepted,
    refused,
    ...(bucket !== null && refused > 0 && { details: reasonLines(bucket) }),
  }));
  return (
    <section className="panel" aria-labelledby="usage">
      <div className="panel-head">
        <h2 id="usage">Usage</h2>
        <Segmented label="Span of time" value={by} options={CHOICES} onChange={onBy} />
      </div>
      <div className="panel-body stack">
        {usage.isError ? (
          <Failure error={usage.error} retry={() => void usage.refetch()} />
        ) : (
          <>
            <Figures totals={data?.totals} />
            {data === undefined || refusedOf(data.totals) === 0 ? null : (
              <p className="small muted numeric">{reasonLines(data.totals).replaceAll('\n', ', ')}.</p>
            )}
            {data?.buckets.length === 0 ? (
              <p className="muted">No requests in the last {span}.</p>
            ) : (
              <div className="chart-area">
                <BarChart bars={bars} label={`Requests in the last ${span}`} />
              </div>
            )}
          </>
        )}
      </div>
    </section>
  );
}
