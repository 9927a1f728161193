import { count, refusedOf, share, type UsageTotals } from '@feather-identity/react';
import type { ReactElement } from 'react';
import { REASONS } from './reasons.js';

/** How many requests there were, and how many of them were refused. */
export function Figures({ totals }: { readonly totals: UsageTotals | undefined }): ReactElement {
  const refused = totals && refusedOf(totals);
  const all = totals === undefined || refused === undefined ? undefined : totals.accepted + refused;
  return (
    <div className="figures">
      <div className="figure">
        <b>{all === undefined ? '–' : count(all)}</b>
        <span>requests</span>
      </div>
      <div className="figure">
        <b>{totals === undefined ? '–' : count(totals.accepted)}</b>
        <span data-series="accepted">accepted</span>
      </div>
      <div className="figure">
        <b>{refused === undefined ? '–' : count(refused)}</b>
        <span data-series="refused">
          refused{refused === undefined || all === undefined || refused === 0 ? '' : `, ${share(refused, all)}`}
        </span>
      </div>
    </div>
  );
}

/** The reasons of refusals: how often, and what to do. */
export function Reasons({ totals }: { readonly totals: UsageTotals | undefined }): ReactElement {
  const refused = totals === undefined ? 0 : refusedOf(totals);
  return (
    <section className="panel" aria-labelledby="reasons">
      <div className="panel-head">
        <h2 id="reasons">Why requests were refused</h2>
      </div>
      <ul className="reasons">
        {REASONS.map(({ reason, name, hint }) => {
          const times = totals?.[reason];
          return (
            <li key={reason} data-none={times === 0 ? '' : undefined}>
              <div className="reason-head">
                <span>{name}</span>
                <span className="numeric">
                  <b>{times === undefined ? '–' : count(times)}</b>
                  <span className="reason-share muted">{times === undefined ? '' : share(times, refused)}</span>
                </span>
              </div>
              <Meter part={times ?? 0} whole={refused} series="refused" />
              <p className="small muted">{hint}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A part of a whole as the length of a line. */
export function Meter({
  part,
  whole,
  refused = 0,
  series = 'accepted',
}: {
  readonly part: number;
  readonly whole: number;
  /** What follows in the other colour. */
  readonly refused?: number;
  readonly series?: 'accepted' | 'refused';
}): ReactElement {
  const width = (value: number): number => (whole === 0 || value === 0 ? 0 : Math.max(0.6, (100 * value) / whole));
  return (
    <svg className="chart meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="meter-track" width={100} height={6} />
      <rect className={series} width={width(part)} height={6} />
      <rect className="refused" x={width(part)} width={width(refused)} height={6} />
    </svg>
  );
}
