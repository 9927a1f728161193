import {
  BarChart,
  count,
  refusedOf,
  Segmented,
  share,
  useNow,
  type Granularity,
  type UsageTotals,
} from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { bucketNames, chartBuckets, chartStart } from '../../api/days.js';
import { usageQuery } from '../../api/queries.js';
import { Failure } from '../../layout/failure.js';

const CHOICES = [
  { value: 'hour', label: '48 hours' },
  { value: 'day', label: '30 days' },
  { value: 'month', label: '12 months' },
] as const;

/** Why requests were refused, in the words of this page. */
const REASONS = [
  ['refused_state', 'the key was off, at its end or rotated'],
  ['refused_scope', 'a scope was missing'],
  ['refused_limit', 'a limit was reached'],
  ['refused_address', 'the address is not allowed'],
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
  const buckets = data?.granularity === by ? data.buckets : [];
  const bars = chartBuckets(by, now, buckets).map(({ startsAt, accepted, refused, bucket }) => ({
    ...bucketNames(by, startsAt),
    accepted,
    refused,
    ...(bucket !== null && refused > 0 && { details: reasonsText(bucket) }),
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
            <div className="chart-area">
              <BarChart
                bars={bars}
                label={`Requests in the last ${CHOICES.find(({ value }) => value === by)?.label ?? ''}`}
              />
            </div>
          </>
        )}
      </div>
    </section>
  );
}

function Figures({ totals }: { readonly totals: UsageTotals | undefined }): ReactElement {
  const refused = totals === undefined ? 0 : refusedOf(totals);
  const reasons = totals === undefined ? [] : REASONS.filter(([reason]) => totals[reason] > 0);
  return (
    <>
      <div className="figures">
        <div className="figure">
          <b>{totals === undefined ? '–' : count(totals.accepted)}</b>
          <span data-series="accepted">accepted</span>
        </div>
        <div className="figure">
          <b>{totals === undefined ? '–' : count(refused)}</b>
          <span data-series="refused">
            refused{totals === undefined || refused === 0 ? '' : `, ${share(refused, totals.accepted + refused)}`}
          </span>
        </div>
      </div>
      {totals === undefined || reasons.length === 0 ? null : (
        <p className="small muted numeric">
          Refused because {listText(reasons.map(([reason, why]) => `${why} (${count(totals[reason])})`))}.
        </p>
      )}
    </>
  );
}

function reasonsText(totals: UsageTotals): string {
  return REASONS.filter(([reason]) => totals[reason] > 0)
    .map(([reason, why]) => `${count(totals[reason])}: ${why}`)
    .join('\n');
}

function listText(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
