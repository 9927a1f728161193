import {
  Button,
  Dialog,
  DialogButtons,
  errorSentence,
  Notice,
  SecretReveal,
  Segmented,
  type ApiKeyDetail,
} from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';

/** How long the old secret works beside the new one, in seconds. */
const GRACES = [
  { value: '0', label: 'None' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
] as const;

type Grace = (typeof GRACES)[number]['value'];

/** Gives a key a new secret, and shows it once. */
export function RotateDialog({
  apiKey: key,
  own,
  onClose,
}: {
  readonly apiKey: ApiKeyDetail;
  readonly own: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const [grace, setGrace] = useState<Grace>('86400');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const uncopied = secret !== null && !copied;
  const away = useBlocker({ shouldBlockFn: () => uncopied, enableBeforeUnload: () => uncopied, withResolver: true });

  const rotate = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const answer = await dataOf(
        api.POST('/v1/identity/api-keys/{key_id}/rotate', {
          params: { path: { key_id: key.id } },
          body: { grace_period_seconds: Number(grace) },
        }),
      );
      setSecret(answer.plain_text_key);
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  const close = (): void => {
    if (uncopied) setLeaving(true);
    else if (!busy) onClose();
  };

  if (secret === null) {
    return (
      <Dialog
        title="Rotate this key"
        description="It gets a new secret. Name, scopes, limits and history stay."
        onClose={close}
      >
        <div className="dialog-body">
          <div className="field">
            <span className="field-label">The old secret keeps working for</span>
            <Segmented label="The old secret keeps working for" value={grace} options={GRACES} onChange={setGrace} />
            <div className="field-hint">
              {grace === '0'
                ? 'Every old secret is refused at once, also one that still works since an earlier rotation. Right after a leak; otherwise applications fail until they have the new one.'
                : 'Put the new secret into your applications meanwhile. This page shows whether the old one is still used.'}
            </div>
          </div>
          {own ? (
            <Notice tone="warn">This key signed you in. When its old secret ends, so does this session.</Notice>
          ) : null}
          {error === null ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
        </div>
        <DialogButtons onClose={close}>
          <Button kind={grace === '0' ? 'danger' : 'primary'} busy={busy} onClick={() => void rotate()}>
            {busy ? 'Rotating…' : 'Rotate'}
          </Button>
        </DialogButtons>
      </Dialog>
    );
  }
  return (
    <Dialog title="Copy the new secret" size="wide" onClose={close}>
      <div className="dialog-body">
        <Notice tone="warn">It is shown this once. The service keeps no copy that it could show again.</Notice>
        <SecretReveal secret={secret} onCopied={() => setCopied(true)} />
        {(leaving || away.status === 'blocked') && uncopied ? (
          <Notice tone="bad">You have not copied it. Without it you would have to rotate the key again.</Notice>
        ) : null}
      </div>
      <div className="dialog-foot">
        {(leaving || away.status === 'blocked') && uncopied ? (
          <Button
            kind="danger"
            onClick={() => {
              if (away.status === 'blocked') away.proceed();
              else onClose();
            }}
          >
            Close without copying
          </Button>
        ) : (
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        )}
      </div>
    </Dialog>
  );
}
