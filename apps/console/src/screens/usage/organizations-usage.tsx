import { Badge, count, EmptyState, refusedOf, share, type UsageTotals } from '@feather-identity/react';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useNow } from '@feather-identity/react';
import type { ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { Failure } from '../../layout/failure.js';
import { useMay } from '../../session/session.js';
import { SkeletonRows } from '../../layout/skeleton-rows.js';
import { Figures, Meter } from './figures.js';
import { reasonLines } from './reasons.js';
import { spanStart, type Span } from './span.js';

/** A refused share from which the table points at an organization. */
const MANY = 0.1;

const organizationsUsageQuery = (from: string) =>
  queryOptions({
    queryKey: ['usage', 'organizations', from],
    queryFn: async () => (await dataOf(api.GET('/v1/operator/usage', { params: { query: { from } } }))).data,
    placeholderData: keepPreviousData,
  });

/** The busiest organizations side by side. */
export function OrganizationsUsage({ span }: { readonly span: Span }): ReactElement {
  const may = useMay();
  const now = useNow();
  const from = new Date(spanStart(span, now)).toISOString();
  const { data, error, refetch } = useQuery(organizationsUsageQuery(from));
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  const most = Math.max(0, ...(data ?? []).map((each) => each.accepted + refusedOf(each)));
  return (
    <>
      <section className="panel" aria-label="Requests">
        <div className="panel-body">
          <Figures totals={data === undefined ? undefined : sumOf(data)} />
        </div>
      </section>
      {data?.length === 0 ? (
        <EmptyState icon="chart" title="No requests in this time">
          <p>Every request with a key of an organization is counted here, some seconds after it was answered.</p>
        </EmptyState>
      ) : (
        <section className="panel" aria-label="Organizations">
          <table className="table usage-table">
            <thead>
              <tr>
                <th scope="col">Organization</th>
                <th scope="col" className="numeric">
                  Accepted
                </th>
                <th scope="col" className="numeric">
                  Refused
                </th>
              </tr>
            </thead>
            <tbody>
              {data === undefined ? (
                <SkeletonRows rows={8} columns={3} />
              ) : (
                data.map((each) => {
                  const refused = refusedOf(each);
                  const all = each.accepted + refused;
                  const { organization_id: id, name } = each;
                  return (
                    <tr key={id}>
                      <td className="usage-name">
                        {may('organizations:read') ? (
                          <Link
                            className="truncate usage-link"
                            to="/organizations/$organizationId"
                            params={{ organizationId: id }}
                          >
                            {name}
                          </Link>
                        ) : (
                          <span className="truncate usage-link">{name}</span>
                        )}
                        <Meter part={each.accepted} refused={refused} whole={most} />
                      </td>
                      <td className="numeric">{count(each.accepted)}</td>
                      <td className="numeric" data-zero={refused === 0 ? '' : undefined}>
                        <span data-tip={refused === 0 ? undefined : reasonLines(each)}>{count(refused)}</span>
                        <span className="usage-share muted">
                          {all > 0 && refused / all >= MANY ? (
                            <Badge tone="warn">{share(refused, all)}</Badge>
                          ) : (
                            share(refused, all)
                          )}
                        </span>
                      </td>
                    </tr>
                  );
                })
              )}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function sumOf(all: readonly UsageTotals[]): UsageTotals {
  const sum = (field: keyof UsageTotals): number => all.reduce((total, each) => total + each[field], 0);
  return {
    accepted: sum('accepted'),
    refused_state: sum('refused_state'),
    refused_scope: sum('refused_scope'),
    refused_limit: sum('refused_limit'),
    refused_address: sum('refused_address'),
  };
}
