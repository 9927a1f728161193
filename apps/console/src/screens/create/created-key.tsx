import { Button, Dialog, DialogButtons, Notice, SecretReveal, Snippet } from '@feather-identity/react';
import { Link, useBlocker } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { Page } from '../../layout/page.js';
import { tryCommand } from './try-command.js';

/** A key that was just made, with its secret. */
export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

/** Shows a new key, once, and asks before it is left uncopied. */
export function CreatedKey({
  created,
  onAnother,
}: {
  readonly created: NewKey;
  readonly onAnother: () => void;
}): ReactElement {
  const [copied, setCopied] = useState(false);
  const leaving = useBlocker({ shouldBlockFn: () => !copied, enableBeforeUnload: () => !copied, withResolver: true });
  return (
    <Page
      title="Copy your key"
      tabTitle="Copy your key"
      width="form"
      lead={<span className="hostile">{created.name}</span>}
    >
      <div className="panel">
        <div className="panel-section created">
          <Notice tone="warn">It is shown this once. The service keeps no copy that it could show again.</Notice>
          <SecretReveal secret={created.secret} onCopied={() => setCopied(true)} />
        </div>
        <div className="panel-section form-section">
          <header>
            <h2>Try it</h2>
            <p>Answers with who is calling. It counts as the first use of the key.</p>
          </header>
          <Snippet code={tryCommand(created.secret)} label="Command" onCopied={() => setCopied(true)} />
        </div>
        <div className="form-foot">
          <Button onClick={onAnother} disabled={!copied}>
            Create another
          </Button>
          <Link className="button" data-kind="primary" to="/keys/$keyId" params={{ keyId: created.id }}>
            {copied ? 'Done' : 'Go on'}
          </Link>
        </div>
      </div>
      {leaving.status === 'blocked' ? (
        <Dialog
          title="Leave without copying the key?"
          description="Nobody can see it again. You would have to rotate the key, or create another one."
          onClose={leaving.reset}
        >
          <DialogButtons onClose={leaving.reset} closeLabel="Stay">
            <Button kind="danger" onClick={leaving.proceed}>
              Leave
            </Button>
          </DialogButtons>
        </Dialog>
      ) : null}
    </Page>
  );
}
