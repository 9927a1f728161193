import { Segmented, useNow, type Granularity } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { usageQuery } from '../../api/queries.js';
import { KeyPicker } from '../../keys/key-picker.js';
import { Closed } from '../../layout/closed.js';
import { Failure } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';
import { BusiestKeys } from './busiest-keys.js';
import { Figures, Reasons } from './figures.js';
import { OrganizationsUsage } from './organizations-usage.js';
import { granularityOf, SPANS, spanStart, type Span } from './span.js';
import { UnusedKeys } from './unused-keys.js';
import { UsageChart } from './usage-chart.js';
import type { UsageSearch } from './usage-search.js';
import './usage.css';

/** How much the keys are used, and how much is refused. */
export function UsageScreen(): ReactElement {
  const may = useMay();
  const { kind } = useSession();
  const search = useSearch({ from: '/_app/usage' });
  const navigate = useNavigate();
  if (!may('usage:read')) {
    return (
      <Page title="Usage">
        <Closed scope="usage:read" what="see how much keys are used" />
      </Page>
    );
  }
  const change = (changed: { [Name in keyof UsageSearch]: UsageSearch[Name] | undefined }): void => {
    const next = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined);
    void navigate({ to: '/usage', search: Object.fromEntries(next), replace: true, resetScroll: false });
  };
  const { span = '30d' } = search;
  const spans = (
    <div className="span-choice">
      <Segmented
        label="Span of time"
        value={span}
        options={Object.entries(SPANS).map(([value, { label }]) => ({ value: value as Span, label }))}
        onChange={(value) => change({ span: value === '30d' ? undefined : value, by: undefined })}
      />
    </div>
  );
  return kind === 'operator' ? (
    <Page title="Usage" lead="The requests of all organizations, side by side.">
      {spans}
      <OrganizationsUsage span={span} />
    </Page>
  ) : (
    <Page title="Usage" lead="The requests with your keys: accepted, and refused with the reason.">
      <TenantUsage search={search} spans={spans} onChange={change} />
    </Page>
  );
}

function TenantUsage({
  search,
  spans,
  onChange,
}: {
  readonly search: UsageSearch;
  readonly spans: ReactElement;
  readonly onChange: (change: { [Name in keyof UsageSearch]: UsageSearch[Name] | undefined }) => void;
}): ReactElement {
  const may = useMay();
  const now = useNow();
  const { span = '30d', key, unused = 30 } = search;
  const granularity = granularityOf(span, search.by);
  const from = spanStart(span, now);
  const usage = useQuery(
    usageQuery({ from: new Date(from).toISOString(), granularity, ...(key !== undefined && { keys: [key] }) }),
  );
  // While another span is on its way, its predecessor would be drawn at the wrong places.
  const data = usage.isPlaceholderData ? undefined : usage.data;
  const choices: readonly Granularity[] = SPANS[span].granularities;
  return (
    <>
      <div className="filter-bar">
        {spans}
        <KeyPicker value={key} onChange={(chosen) => onChange({ key: chosen })} />
        <select
          className="select"
          data-size="small"
          aria-label="Bars"
          value={granularity}
          disabled={choices.length < 2}
          onChange={({ target }) => {
            const by = choices.find((each) => each === target.value);
            onChange({ by: by === choices[0] ? undefined : by });
          }}
        >
          {choices.map((each) => (
            <option key={each} value={each}>
              by {each}
            </option>
          ))}
        </select>
      </div>
      {usage.isError ? (
        <Failure error={usage.error} retry={() => void usage.refetch()} />
      ) : (
        <>
          <section className="panel" aria-label="Requests">
            <div className="panel-body stack">
              <div className="usage-head">
                <Figures totals={data?.totals ?? usage.data?.totals} />
                {key === undefined || !may('api_keys:read') ? null : (
                  <Link className="small" to="/keys/$keyId" params={{ keyId: key }}>
                    To the key
                  </Link>
                )}
              </div>
              <UsageChart span={span} granularity={granularity} from={from} to={now} buckets={data?.buckets ?? []} />
            </div>
          </section>
          <div className="usage-grid">
            {key === undefined ? (
              <BusiestKeys keys={data?.keys ?? usage.data?.keys} onChoose={(id) => onChange({ key: id })} />
            ) : null}
            <div className="stack usage-side">
              <Reasons totals={data?.totals ?? usage.data?.totals} />
              {key === undefined && may('api_keys:read') ? (
                <UnusedKeys days={unused} onDays={(days) => onChange({ unused: days === 30 ? undefined : days })} />
              ) : null}
            </div>
          </div>
        </>
      )}
    </>
  );
}
