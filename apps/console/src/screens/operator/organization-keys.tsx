import { Button, counted, EmptyState, KeyStateBadge, Time } from '@feather-identity/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { Failure } from '../../layout/failure.js';
import { LoadMore } from '../../layout/load-more.js';
import { useMay } from '../../session/session.js';
import { SkeletonRows } from '../../layout/skeleton-rows.js';
import { organizationKeysQuery } from './operator-queries.js';
import { RevokeKey } from './revoke-key.js';

const SCOPES_SHOWN = 3;

/** The keys of an organization: what they may do, and whether they are used. */
export function OrganizationKeys({
  organizationId,
  revoked,
}: {
  readonly organizationId: string;
  readonly revoked: boolean;
}): ReactElement {
  const may = useMay();
  const navigate = useNavigate();
  const list = useInfiniteQuery(organizationKeysQuery(organizationId, revoked));
  const keys = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const [revoking, setRevoking] = useState<string | null>(null);
  const asked = keys.find(({ id }) => id === revoking);
  return (
    <section className="panel" aria-label="Keys">
      <div className="list-head">
        <label className="check-row small">
          <input
            className="check"
            type="checkbox"
            checked={revoked}
            onChange={({ target }) =>
              void navigate({
                to: '/organizations/$organizationId',
                params: { organizationId },
                search: target.checked ? { revoked: true } : {},
                replace: true,
              })
            }
          />
          <span>Show revoked keys, too</span>
        </label>
      </div>
      {list.error === null ? null : (
        <div className="panel-body">
          <Failure error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.isSuccess && keys.length === 0 ? (
        <EmptyState icon="key" title="No keys">
          <p>
            Its members make keys with a key of theirs. If it has none, make the first one on the command line:{' '}
            <code>feather key create --organization {organizationId.slice(0, 13)}</code>
          </p>
        </EmptyState>
      ) : (
        <table className="table operator-table">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">State</th>
              <th scope="col" className="wide-only">
                Scopes
              </th>
              <th scope="col" className="wide-only">
                Last used
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.isPending ? (
              <SkeletonRows rows={6} columns={5} />
            ) : (
              keys.map((key) => (
                <tr key={key.id}>
                  <td>
                    <span className="cell-name truncate" data-tip={key.name.length > 30 ? key.name : undefined}>
                      {key.name}
                    </span>
                    <code className="muted small">{key.key_prefix}</code>
                  </td>
                  <td>
                    <KeyStateBadge life={key} />
                  </td>
                  <td className="wide-only">
                    <ScopeTags scopes={key.scopes} unrestricted={key.unrestricted} />
                  </td>
                  <td className="wide-only muted">
                    {key.last_used_at === null ? 'never' : <Time at={key.last_used_at} />}
                  </td>
                  <td className="end">
                    {may('api_keys:manage') && (key.revoked_at ?? null) === null ? (
                      <Button
                        kind="danger-quiet"
                        size="small"
                        icon="trash"
                        aria-label={`Revoke ${key.name.slice(0, 60)}`}
                        onClick={() => setRevoking(key.id)}
                      />
                    ) : null}
                  </td>
                </tr>
              ))
            )}
          </tbody>
        </table>
      )}
      {keys.length === 0 ? null : (
        <LoadMore
          more={list.hasNextPage}
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          end={counted(keys.length, 'key')}
        />
      )}
      {asked === undefined ? null : (
        <RevokeKey organizationId={organizationId} apiKey={asked} onClose={() => setRevoking(null)} />
      )}
    </section>
  );
}

function ScopeTags({
  scopes,
  unrestricted,
}: {
  readonly scopes: readonly string[];
  readonly unrestricted: boolean;
}): ReactElement {
  if (unrestricted) return <span className="tag">everything</span>;
  const rest = scopes.slice(SCOPES_SHOWN);
  return (
    <span className="tags">
      {scopes.slice(0, SCOPES_SHOWN).map((scope) => (
        <code key={scope} className="tag">
          {scope}
        </code>
      ))}
      {rest.length === 0 ? null : (
        <span className="tag" data-tip={rest.join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
