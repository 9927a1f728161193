import { Button, EmptyState, errorSentence, Notice } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Page } from './page.js';

/** In place of what could not be loaded. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): ReactElement {
  return (
    <Notice tone="bad">
      <p>{errorSentence(error)}</p>
      {retry === undefined ? null : (
        <Button size="small" icon="rotate" onClick={retry}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

/** A page that fell over. */
export function RouteFailure({ error, reset }: { readonly error: unknown; readonly reset: () => void }): ReactElement {
  return (
    <div className="page">
      <Failure error={error} retry={reset} />
    </div>
  );
}

/** An address that leads nowhere. */
export function NotFound(): ReactElement {
  return (
    <main>
      <Page title="Nothing here">
        <EmptyState
          icon="search"
          title="This address has no page"
          actions={
            <Link className="button" to="/">
              Go to the start
            </Link>
          }
        >
          <p>The link may be old.</p>
        </EmptyState>
      </Page>
    </main>
  );
}
