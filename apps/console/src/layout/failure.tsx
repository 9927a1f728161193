import { Button, EmptyState, errorSentence, Notice } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Logo } from './logo.js';
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

interface Fallen {
  readonly error: unknown;
  readonly reset: () => void;
}

/** A page that fell over, in its frame. */
export function RouteFailure({ error, reset }: Fallen): ReactElement {
  return (
    <Page title="This page cannot be shown">
      <Failure error={error} retry={reset} />
    </Page>
  );
}

/** The same where there is no frame, because nothing says who is there. */
export function FramelessFailure({ error, reset }: Fallen): ReactElement {
  return (
    <main>
      <Page title="The console cannot be shown" width="form" above={<Logo size={32} />}>
        <Failure error={error} retry={reset} />
      </Page>
    </main>
  );
}

/** An address that leads nowhere. */
export function NotFound(): ReactElement {
  return (
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
  );
}
