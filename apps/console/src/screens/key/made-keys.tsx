import { KeyStateBadge } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { madeByQuery } from '../../api/queries.js';

/** The keys that a key has made; nothing if it has made none. */
export function MadeKeys({ keyId }: { readonly keyId: string }): ReactElement | null {
  const { data } = useQuery(madeByQuery(keyId));
  if (data === undefined || data.keys.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="made">
      <div className="panel-head">
        <h2 id="made">Keys that it made</h2>
        <span className="muted small numeric">
          {data.keys.length}
          {data.more ? ' and more' : ''}
        </span>
      </div>
      <ul className="made">
        {data.keys.map((key) => (
          <li key={key.id}>
            <Link className="row-link truncate" to="/keys/$keyId" params={{ keyId: key.id }}>
              {key.name}
            </Link>
            <span className="mono muted">{key.key_prefix}</span>
            <KeyStateBadge life={key} />
          </li>
        ))}
      </ul>
    </section>
  );
}
