import { quotaText, rateLimitText, Time, type ApiKeyDetail } from '@feather-identity/react';
import type { ReactElement, ReactNode } from 'react';
import { Creator } from '../keys/creator.js';

/** Everything about a key that is not its name. */
export function KeyFacts({ apiKey: key }: { readonly apiKey: ApiKeyDetail }): ReactElement {
  const from = key.last_used_from ?? null;
  const everything = key.unrestricted || key.scopes.includes('*');
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      'Last used',
      key.last_used_at === null ? (
        'Never'
      ) : (
        <>
          <Time at={key.last_used_at} />
          {from === null ? null : (
            <div className="small muted hostile">
              from <span className="mono">{from.address ?? 'an unknown address'}</span>
              {from.user_agent === null ? null : <div>{from.user_agent}</div>}
            </div>
          )}
        </>
      ),
    ],
    // A revoked key has ended.
    ...(key.revoked_at === null ? [['Expires', <End key="end" at={key.expires_at} />] as const] : []),
    [
      'Scopes',
      everything ? (
        'Everything, also scopes added later'
      ) : (
        <div className="tags">
          {key.scopes.map((scope) => (
            <code className="tag" key={scope}>
              {scope}
            </code>
          ))}
        </div>
      ),
    ],
    ['Rate limit', key.rate_limit ? rateLimitText(key.rate_limit) : 'None of its own'],
    ['Quota', key.quota ? quotaText(key.quota) : 'None'],
    [
      'Allowed addresses',
      key.allowed_networks === undefined || key.allowed_networks.length === 0 ? (
        'Any'
      ) : (
        <div className="tags">
          {key.allowed_networks.map((network) => (
            <code className="tag" key={network}>
              {network}
            </code>
          ))}
        </div>
      ),
    ],
    [
      'Labels',
      key.labels.length === 0 ? (
        'None'
      ) : (
        <div className="tags">
          {key.labels.map((label) => (
            <span className="tag" key={label}>
              {label}
            </span>
          ))}
        </div>
      ),
    ],
    [
      'Created',
      <>
        <Time at={key.created_at} as="time" /> <span className="muted">by</span> <Creator by={key.created_by} />
      </>,
    ],
    ...(key.revoked_at === null ? [] : [['Revoked', <Time key="revoked" at={key.revoked_at} as="time" />] as const]),
    [
      'Id',
      <code key="id" className="small">
        {key.id}
      </code>,
    ],
  ];
  return (
    <section className="panel panel-body" aria-label="Facts">
      <dl className="aside-facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function End({ at }: { readonly at: string | null }): ReactElement {
  if (at === null) return <>Never</>;
  return (
    <>
      <Time at={at} as="time" />{' '}
      <span className="muted small">
        (<Time at={at} />)
      </span>
    </>
  );
}
