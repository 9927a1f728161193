import { EmptyState } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useSession } from '../session/session.js';

/** In place of a screen that the session may not see: why, and what to do. */
export function Closed({ scope, what }: { readonly scope: string; readonly what: string }): ReactElement {
  const { api_key: key } = useSession();
  return (
    <EmptyState
      icon="shield"
      title="This key may not see this"
      actions={
        <Link className="button" to="/">
          Go to the start
        </Link>
      }
    >
      <p>
        To {what}, a key needs the scope <code>{scope}</code>.{' '}
        {key === null ? null : (
          <>
            <bdi>{key.name}</bdi> does not have it.{' '}
          </>
        )}
        Sign in with a key that has it, or ask who manages the keys.
      </p>
    </EmptyState>
  );
}
