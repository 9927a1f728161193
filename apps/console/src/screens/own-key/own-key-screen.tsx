import { Notice, Time } from '@feather-identity/react';
import type { ReactElement } from 'react';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';

const SCREENS = [
  ['usage:read', 'usage'],
  ['audit:read', 'the audit log'],
] as const;

/** Where a session starts that may not see keys: what it is, and what it may see. */
export function OwnKeyScreen(): ReactElement {
  const session = useSession();
  const may = useMay();
  const { api_key: key, scopes, organization } = session;
  const seen = SCREENS.filter(([scope]) => may(scope)).map(([, what]) => what);
  return (
    <Page title={<bdi>{key?.name ?? 'This key'}</bdi>} tabTitle={key?.name ?? 'This key'} width="form">
      <Notice>
        You are signed in. This key may not see the list of keys: that takes the scope <code>api_keys:read</code>.{' '}
        {seen.length === 0
          ? 'It shows only its sessions here.'
          : `In the menu are ${seen.join(', ')} and its sessions.`}
      </Notice>
      <section className="panel panel-body" aria-label="Facts">
        <dl className="aside-facts">
          {key === null ? null : (
            <div>
              <dt>Public part</dt>
              <dd>
                <code>{key.key_prefix}</code>
              </dd>
            </div>
          )}
          {organization === null ? null : (
            <div>
              <dt>Organization</dt>
              <dd className="hostile">{organization.name}</dd>
            </div>
          )}
          <div>
            <dt>Scopes</dt>
            <dd className="tags">
              {scopes.length === 0
                ? 'None'
                : scopes.map((scope) => (
                    <code className="tag" key={scope}>
                      {scope}
                    </code>
                  ))}
            </dd>
          </div>
          <div>
            <dt>This session ends</dt>
            <dd>
              <Time at={session.expires_at} as="time" />
            </dd>
          </div>
        </dl>
      </section>
    </Page>
  );
}
