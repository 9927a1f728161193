import {
  Button,
  count,
  counted,
  Dialog,
  DialogButtons,
  errorSentence,
  Field,
  Notice,
  useToast,
  type ApiKey,
} from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import { api, dataOf } from '../../api/client.js';

/** What can be done to several keys at once. */
export type BulkAction = 'disable' | 'revoke';

/** So many keys a request: the bar moves, and each request is one transaction. */
const AT_ONCE = 100;
const NAMED = 6;

/** Says how many keys are selected, and what can be done to them. */
export function BulkBar({
  selected,
  onAction,
  onClear,
}: {
  readonly selected: number;
  readonly onAction: (action: BulkAction) => void;
  readonly onClear: () => void;
}): ReactElement {
  return (
    <div className="bulk" role="region" aria-label="Selected keys">
      <span className="numeric">{count(selected)} selected</span>
      <Button size="small" icon="pause" onClick={() => onAction('disable')}>
        Disable
      </Button>
      <Button size="small" kind="danger-quiet" icon="trash" onClick={() => onAction('revoke')}>
        Revoke
      </Button>
      <Button size="small" kind="quiet" icon="close" aria-label="Clear the selection" onClick={onClear} />
    </div>
  );
}

/** Asks once, and then works through the keys. */
export function BulkDialog({
  action,
  keys,
  ownId,
  onClose,
  onDone,
}: {
  readonly action: BulkAction;
  readonly keys: readonly ApiKey[];
  readonly ownId: string | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const toast = useToast();
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const revoke = action === 'revoke';
  const what = counted(keys.length, 'key');

  const confirmed = !revoke || typed.trim() === String(keys.length);

  const run = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!confirmed || done !== null) return;
    // The key of the session comes last: after it nothing more is accepted.
    const ids = keys.map(({ id }) => id).sort((a, b) => Number(a === ownId) - Number(b === ownId));
    let changed = 0;
    setProblem(null);
    setDone(0);
    try {
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        const body = { action, ids: ids.slice(start, start + AT_ONCE) };
        const answer = await dataOf(api.POST('/v1/identity/api-keys/bulk', { body }));
        changed += answer.changed.length;
        setDone(start + body.ids.length);
      }
      toast(`${counted(changed, 'key')} ${revoke ? 'revoked' : 'disabled'}.`);
      onDone();
    } catch (error) {
      setProblem(
        `${counted(changed, 'key')} ${revoke ? 'revoked' : 'disabled'}, then it stopped. ${errorSentence(error)}`,
      );
      setDone(null);
    } finally {
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    }
  };

  const close = (): void => {
    if (done === null) onClose();
  };
  return (
    <Dialog
      title={revoke ? `Revoke ${what}?` : `Disable ${what}?`}
      description={
        revoke
          ? 'Every request with them is refused from now on. This cannot be undone.'
          : 'Every request with them is refused until somebody enables them again.'
      }
      onClose={close}
    >
      <form onSubmit={(event) => void run(event)}>
        <div className="dialog-body">
          <ul className="named">
            {keys.slice(0, NAMED).map(({ id, name, key_prefix: prefix }) => (
              <li key={id}>
                <span className="truncate">{name}</span>
                <span className="mono muted">{prefix}</span>
              </li>
            ))}
            {keys.length > NAMED ? <li className="muted">and {counted(keys.length - NAMED, 'more key')}</li> : null}
          </ul>
          {keys.some(({ id }) => id === ownId) ? (
            <Notice tone="warn">
              The key that signed you in is among them: you will be signed out
              {revoke ? ', and cannot sign in with it again' : ''}.
            </Notice>
          ) : null}
          {revoke ? (
            <Field
              label={
                <>
                  Type the number of keys, <code className="phrase">{keys.length}</code>, to confirm
                </>
              }
            >
              {(control) => (
                <input
                  {...control}
                  className="input"
                  autoFocus
                  autoComplete="off"
                  inputMode="numeric"
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          {problem === null ? null : <Notice tone="bad">{problem}</Notice>}
          {done === null ? null : (
            <progress
              className="progress"
              value={done}
              max={keys.length}
              aria-label={`${done} of ${keys.length} keys`}
            />
          )}
        </div>
        <DialogButtons onClose={close}>
          <Button kind={revoke ? 'danger' : 'primary'} type="submit" busy={done !== null} disabled={!confirmed}>
            {done === null ? `${revoke ? 'Revoke' : 'Disable'} ${what}` : `${done} of ${keys.length}`}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
