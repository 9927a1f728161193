import {
  Button,
  counted,
  Dialog,
  DialogButtons,
  errorSentence,
  Field,
  Notice,
  stateOf,
  useToast,
  type ApiKeyDetail,
} from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { madeByQuery } from '../../api/queries.js';
import { phraseFor } from './revoke-phrase.js';

/** Revokes a key after its name was typed. */
export function RevokeDialog({
  apiKey: key,
  own,
  onClose,
}: {
  readonly apiKey: ApiKeyDetail;
  readonly own: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const toast = useToast();
  const { data: made } = useQuery(madeByQuery(key.id));
  const [typed, setTyped] = useState('');
  const [cascade, setCascade] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const phrase = phraseFor(key.name, key.key_prefix);
  const living = (made?.keys ?? []).filter(
    (each) => !['revoked', 'expired'].includes(stateOf(each, Date.now())),
  ).length;

  const revoke = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (typed.trim() !== phrase || busy) return;
    setBusy(true);
    setError(null);
    try {
      await dataOf(
        api.DELETE('/v1/identity/api-keys/{key_id}', {
          params: { path: { key_id: key.id }, ...(cascade && { query: { cascade } }) },
        }),
      );
      toast('The key is revoked. It is refused from now on.');
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    } finally {
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    }
  };

  return (
    <Dialog
      title="Revoke this key?"
      description="Every request with it is refused from now on. This cannot be undone; to stop it for a while, disable it."
      onClose={onClose}
    >
      <form onSubmit={(event) => void revoke(event)}>
        <div className="dialog-body">
          {own ? <Notice tone="warn">This key signed you in: revoking it signs you out.</Notice> : null}
          {living === 0 ? null : (
            <label className="check-row">
              <input
                className="check"
                type="checkbox"
                checked={cascade}
                onChange={(event) => setCascade(event.target.checked)}
              />
              <span>
                Revoke the {counted(living, 'key')} that it made, too
                <span className="muted small"> and those that they made</span>
              </span>
            </label>
          )}
          <Field
            label={
              <>
                Type <code className="hostile phrase">{phrase}</code> to confirm
              </>
            }
          >
            {(control) => (
              <input
                {...control}
                className="input"
                autoFocus
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          {error === null ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
        </div>
        <DialogButtons onClose={onClose}>
          <Button kind="danger" type="submit" busy={busy} disabled={typed.trim() !== phrase}>
            {busy ? 'Revoking…' : 'Revoke key'}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
