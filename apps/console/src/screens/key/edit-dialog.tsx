import {
  Button,
  Dialog,
  DialogButtons,
  errorSentence,
  expiryBounds,
  Field,
  forDateInput,
  issueOf,
  labelsProblem,
  LimitFields,
  limitProblems,
  limitsBody,
  Notice,
  splitList,
  typedLimits,
  useToast,
  type ApiKeyDetail,
} from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { keyQuery, policyQuery } from '../../api/queries.js';
import { useSession } from '../../session/session.js';
import { changesOf, type TypedKey } from './key-changes.js';

/** Changes what is noted about a key, its end and its limits. Only what was changed is sent. */
export function EditDialog({
  apiKey: key,
  onClose,
}: {
  readonly apiKey: ApiKeyDetail;
  readonly onClose: () => void;
}): ReactElement {
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const { data: policy } = useQuery(policyQuery);
  const { data: own } = useQuery({ ...keyQuery(session.api_key?.id ?? ''), enabled: session.api_key !== null });
  const [now] = useState(() => Date.now());
  const [before] = useState<TypedKey>(() => ({
    name: key.name,
    description: key.description ?? '',
    labels: key.labels.join(', '),
    expires: key.expires_at === null ? '' : forDateInput(Date.parse(key.expires_at)),
    limits: typedLimits(key.rate_limit, key.quota, key.allowed_networks),
  }));
  const [typed, setTyped] = useState(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<TypedKey>): void => setTyped((all) => ({ ...all, ...change }));

  const bounds = expiryBounds(now, policy?.max_lifetime_days ?? null, own?.expires_at ?? null);
  const nameProblem = typed.name.trim() === '' ? 'A key needs a name.' : null;
  const wrong =
    nameProblem !== null ||
    labelsProblem(typed.labels) !== null ||
    Object.values(limitProblems(typed.limits)).some((problem) => problem !== null);

  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (wrong || busy) return;
    const body = changesOf(before, typed, { labels: splitList(typed.labels), ...limitsBody(typed.limits) });
    if (Object.keys(body).length === 0) {
      onClose();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const answer = await dataOf(
        api.PATCH('/v1/identity/api-keys/{key_id}', { params: { path: { key_id: key.id } }, body }),
      );
      queries.setQueryData(keyQuery(key.id).queryKey, answer);
      toast('Saved. It holds from the next request on.');
      onClose();
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Dialog title="Edit key" size="wide" onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate>
        <div className="dialog-body">
          <Field label="Name" error={nameProblem ?? issueOf(error, 'name')}>
            {(control) => (
              <input
                {...control}
                className="input"
                autoFocus
                autoComplete="off"
                maxLength={255}
                value={typed.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Description" optional>
            {(control) => (
              <textarea
                {...control}
                className="textarea"
                rows={2}
                maxLength={1000}
                value={typed.description}
                onChange={(event) => set({ description: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Labels"
            optional
            error={labelsProblem(typed.labels) ?? issueOf(error, 'labels')}
            hint="Separated by commas."
          >
            {(control) => (
              <input
                {...control}
                className="input"
                autoComplete="off"
                spellCheck={false}
                value={typed.labels}
                onChange={(event) => set({ labels: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Expires"
            optional
            hint={policy?.expiry_required === true ? 'The policy demands an end.' : 'Empty: never.'}
            error={issueOf(error, 'expires_at')}
          >
            {(control) => (
              <input
                {...control}
                className="input date-input"
                type="datetime-local"
                value={typed.expires}
                max={bounds.latest === null ? undefined : forDateInput(bounds.latest)}
                onChange={(event) => set({ expires: event.target.value })}
              />
            )}
          </Field>
          <LimitFields value={typed.limits} error={error} onChange={(limits) => set({ limits })} />
          {error === null ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
        </div>
        <DialogButtons onClose={onClose}>
          <Button kind="primary" type="submit" busy={busy} disabled={wrong}>
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
