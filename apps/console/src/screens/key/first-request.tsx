import { Snippet } from '@feather-identity/react';
import type { ReactElement } from 'react';
import { tryCommand } from '../create/try-command.js';

/** In place of the chart of a key without any request: what to do for the first one. */
export function FirstRequest(): ReactElement {
  return (
    <section className="panel" aria-labelledby="first-request">
      <div className="panel-head">
        <h2 id="first-request">Waiting for the first request</h2>
      </div>
      <div className="panel-body stack">
        <p className="muted">Nobody has used this key yet. Put it in place of YOUR_KEY; this page shows the answer.</p>
        <Snippet code={tryCommand('YOUR_KEY')} label="Command" />
      </div>
    </section>
  );
}
