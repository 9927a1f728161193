import {
  BarChart,
  count,
  Icon,
  refusedOf,
  type Bar,
  type Granularity,
  type UsageBucket,
  type UsageTotals,
} from '@feather-identity/react';
import type { ReactElement } from 'react';
import { bucketNames } from '../../api/days.js';
import { REASONS, reasonLines } from './reasons.js';
import { bucketStarts, SPANS, type Span } from './span.js';

const HOURS = 24;
const NOTHING: UsageTotals = { accepted: 0, refused_state: 0, refused_scope: 0, refused_limit: 0, refused_address: 0 };

/** Accepted and refused requests of a span, as bars and as a table. */
export function UsageChart({
  span,
  granularity,
  from,
  to,
  buckets,
}: {
  readonly span: Span;
  readonly granularity: Granularity;
  readonly from: number;
  readonly to: number;
  readonly buckets: readonly UsageBucket[];
}): ReactElement {
  // Among the hours of several days one looks for the days.
  const isHoursOfDays = granularity === 'hour' && span !== '24h';
  const byStart = new Map(buckets.map((bucket) => [Date.parse(bucket.starts_at), bucket]));
  const rows = bucketStarts(granularity, from, to).map((start) => {
    const totals = byStart.get(start) ?? NOTHING;
    const { label, title } = bucketNames(granularity, start);
    return { start, totals, label: isHoursOfDays ? bucketNames('day', start).label : label, title };
  });
  const bars: readonly Bar[] = rows.map(({ totals, label, title }) => {
    const refused = refusedOf(totals);
    return {
      label,
      title,
      accepted: totals.accepted,
      refused,
      ...(refused > 0 && { details: reasonLines(totals) }),
    };
  });
  const name = `Requests of the last ${SPANS[span].label} by ${granularity}`;
  return (
    <>
      <div className="chart-area">
        <BarChart
          bars={bars}
          label={`${name}. Arrow keys move; the same numbers are in the table below.`}
          height={220}
          labelStep={isHoursOfDays ? HOURS : 1}
        />
      </div>
      <details className="disclosure">
        <summary className="small">
          <Icon name="right" />
          As a table
        </summary>
        <div className="table-scroll" role="region" aria-label={name} tabIndex={0}>
          <table className="table usage-numbers">
            <caption className="visually-hidden">{name}</caption>
            <thead>
              <tr>
                <th scope="col">
                  {granularity === 'hour' ? 'Hour' : granularity === 'day' ? 'Day (UTC)' : 'Month (UTC)'}
                </th>
                <th scope="col" className="numeric">
                  Accepted
                </th>
                {REASONS.map(({ reason, name: heading }) => (
                  <th key={reason} scope="col" className="numeric">
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.toReversed().map(({ start, title, totals }) => (
                <tr key={start}>
                  <th scope="row">{title.replace(' (UTC)', '')}</th>
                  <td className="numeric">{count(totals.accepted)}</td>
                  {REASONS.map(({ reason }) => (
                    <td key={reason} className="numeric" data-zero={totals[reason] === 0 ? '' : undefined}>
                      {count(totals[reason])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
