import { Button, count, refusedOf, share, type KeyUsage } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { useKnownKeys } from '../../keys/known-keys.js';
import { useMay } from '../../session/session.js';
import { Meter } from './figures.js';

const FIRST = 10;

/** The keys with the most requests. */
export function BusiestKeys({
  keys,
  onChoose,
}: {
  readonly keys: readonly KeyUsage[] | undefined;
  readonly onChoose: (id: string) => void;
}): ReactElement {
  const may = useMay();
  const [all, setAll] = useState(false);
  const shown = (keys ?? []).slice(0, all ? undefined : FIRST);
  const known = useKnownKeys(shown.map(({ api_key_id: id }) => id));
  const most = Math.max(0, ...(keys ?? []).map((usage) => usage.accepted + refusedOf(usage)));
  return (
    <section className="panel" aria-labelledby="busiest">
      <div className="panel-head">
        <h2 id="busiest">Busiest keys</h2>
      </div>
      {keys?.length === 0 ? (
        <p className="panel-body muted">No key was used in this time.</p>
      ) : (
        <table className="table usage-table">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col" className="numeric">
                Accepted
              </th>
              <th scope="col" className="numeric">
                Refused
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys === undefined
              ? Array.from({ length: 5 }, (_, index) => <SkeletonRow key={index} />)
              : shown.map((usage) => {
                  const { api_key_id: id } = usage;
                  const key = known(id);
                  const refused = refusedOf(usage);
                  const name = key?.name ?? id;
                  return (
                    <tr key={id}>
                      <td className="usage-name">
                        {may('api_keys:read') ? (
                          <Link className="truncate usage-link" to="/keys/$keyId" params={{ keyId: id }}>
                            {name}
                          </Link>
                        ) : (
                          <span className="truncate usage-link">{name}</span>
                        )}
                        <Meter part={usage.accepted} refused={refused} whole={most} />
                      </td>
                      <td className="numeric">{count(usage.accepted)}</td>
                      <td className="numeric" data-zero={refused === 0 ? '' : undefined}>
                        {count(refused)}
                        <span className="usage-share muted">{share(refused, usage.accepted + refused)}</span>
                      </td>
                      <td className="end">
                        <Button
                          kind="quiet"
                          size="small"
                          icon="chart"
                          aria-label={`Show only ${name.slice(0, 60)}`}
                          onClick={() => onChoose(id)}
                        />
                      </td>
                    </tr>
                  );
                })}
          </tbody>
        </table>
      )}
      {keys === undefined || keys.length <= FIRST ? null : (
        <div className="panel-foot panel-foot-start">
          <Button kind="quiet" size="small" onClick={() => setAll(!all)}>
            {all ? `Only the ${FIRST} busiest` : `All ${count(keys.length)}`}
          </Button>
        </div>
      )}
    </section>
  );
}

function SkeletonRow(): ReactElement {
  return (
    <tr>
      <td colSpan={4}>
        <span className="skeleton skeleton-row" />
      </td>
    </tr>
  );
}
