import {
  Button,
  counted,
  Dialog,
  DialogButtons,
  errorSentence,
  Field,
  issueOf,
  Notice,
  QuotaInput,
  RateLimitInput,
  useToast,
} from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker } from '@tanstack/react-router';
import { useId, useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';
import { api, dataOf } from '../../api/client.js';
import { policyQuery } from '../../api/queries.js';
import { MOST_UNUSED, unusedQuery } from '../../keys/unused-query.js';
import { Closed } from '../../layout/closed.js';
import { Failure } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useMay } from '../../session/session.js';
import {
  changedPolicy,
  draftOf,
  draftProblems,
  policyOf,
  tightenings,
  type Policy,
  type PolicyDraft,
  type Tightening,
} from './policy-draft.js';
import './policy.css';

/** What the organization demands of its keys. */
export function PolicyScreen(): ReactElement {
  const may = useMay();
  const { data, error, refetch } = useQuery({ ...policyQuery, enabled: may('api_keys:read') });
  return (
    <Page
      title="Policy and limits"
      width="form"
      lead="What your organization demands of its keys. It holds for every key that is made or changed, in this console or by the API."
    >
      {may('api_keys:read') ? null : <Closed scope="api_keys:read" what="see the policy" />}
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data === undefined ? null : <PolicyForm key={JSON.stringify(data)} policy={data} />}
    </Page>
  );
}

function PolicyForm({ policy }: { readonly policy: Policy }): ReactElement {
  const mayChange = useMay()('policies:manage');
  const queries = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problems = draftProblems(draft);
  const isValid = Object.keys(problems).length === 0;
  const wanted = isValid ? policyOf(draft) : policy;
  const changed = changedPolicy(policy, wanted);
  const changes = Object.keys(changed).length;
  const stricter = tightenings(policy, wanted);
  const dirty = changes > 0 || !isValid;
  const leaving = useBlocker({
    shouldBlockFn: () => dirty && !busy,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });

  const set = (change: Partial<PolicyDraft>): void => {
    setDraft({ ...draft, ...change });
    setError(null);
  };
  const problemOf = (field: keyof Policy): string | null => problems[field] ?? issueOf(error, field);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const saved = await dataOf(api.PATCH('/v1/identity/policy', { body: changed }));
      toast('The policy is changed.');
      queries.setQueryData(policyQuery.queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['audit'] });
    } catch (failure) {
      setError(failure);
      setAsked(false);
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isValid || changes === 0 || busy) return;
    if (stricter.length > 0) setAsked(true);
    else void save();
  };
  const hasFieldIssue = Object.keys(policy).some((field) => issueOf(error, field) !== null);

  return (
    <form className="policy" onSubmit={submit} noValidate>
      {mayChange ? null : (
        <Notice tone="info">
          You can look at the policy. To change it, sign in with a key that has <code>policies:manage</code>.
        </Notice>
      )}
      <fieldset className="panel" disabled={!mayChange || busy}>
        <div className="panel-head">
          <div>
            <h2>New keys</h2>
            <p className="small muted">Keys that exist already stay as they are until somebody changes them.</p>
          </div>
        </div>
        <Rule
          title="Longest life"
          text="A key may end this many days after its creation, at the latest."
          error={problemOf('max_lifetime_days')}
        >
          {(control) => (
            <Unit unit="days">
              <input
                {...control}
                className="input numeric"
                inputMode="numeric"
                placeholder="No limit"
                value={draft.maxLife}
                onChange={({ target }) => set({ maxLife: target.value })}
              />
            </Unit>
          )}
        </Rule>
        <Switch
          title="Every key must end"
          text="A key without an expiry is refused. Forgotten keys then stop by themselves."
          checked={draft.expiryRequired}
          onChange={(expiryRequired) => set({ expiryRequired })}
        />
        <Switch
          title="Every key must name its scopes"
          text="Without this rule, a key that names none may do all that its maker may."
          checked={draft.scopesRequired}
          onChange={(scopesRequired) => set({ scopesRequired })}
        />
        <Rule
          title="Rate limit"
          text="For new keys that get none of their own. A key without a limit may still be asked for."
          error={problemOf('rate_limit')}
        >
          {(control) => <RateLimitInput control={control} value={draft} placeholder="None" onChange={set} />}
        </Rule>
        <Rule title="Quota" text="The same for the requests of a whole day or month (UTC)." error={problemOf('quota')}>
          {(control) => <QuotaInput control={control} value={draft} placeholder="None" onChange={set} />}
        </Rule>
      </fieldset>
      <fieldset className="panel" disabled={!mayChange || busy}>
        <div className="panel-head">
          <div>
            <h2>All keys</h2>
            <p className="small muted">These rules reach keys that exist already.</p>
          </div>
        </div>
        <Rule
          title="Revoke unused keys"
          text="A key that was neither used, created nor rotated for this many days is revoked, within two hours."
          error={problemOf('revoke_unused_after_days')}
        >
          {(control) => (
            <Unit unit="days">
              <input
                {...control}
                className="input numeric"
                inputMode="numeric"
                placeholder="Never"
                value={draft.unusedDays}
                onChange={({ target }) => set({ unusedDays: target.value })}
              />
            </Unit>
          )}
        </Rule>
        {wanted.revoke_unused_after_days === null ? null : <Unused days={wanted.revoke_unused_after_days} />}
        <Switch
          title="Revoke what a key has made"
          text="Who revokes a key also revokes the keys that it made, and those that they made. A leaked key leaves nothing behind."
          checked={draft.revokeDescendants}
          onChange={(revokeDescendants) => set({ revokeDescendants })}
        />
      </fieldset>
      {error === null || hasFieldIssue ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
      {mayChange ? (
        <div className="policy-foot" data-dirty={dirty ? '' : undefined}>
          <span className="small muted" role="status">
            {dirty ? (isValid ? counted(changes, 'unsaved change') : 'Mend what is marked red first.') : 'Saved.'}
          </span>
          <Button disabled={!dirty || busy} onClick={() => set(draftOf(policy))}>
            Discard
          </Button>
          <Button kind="primary" type="submit" busy={busy && !asked} disabled={!isValid || changes === 0}>
            Save
          </Button>
        </div>
      ) : null}
      {asked ? (
        <ConfirmDialog
          stricter={stricter}
          policy={wanted}
          busy={busy}
          onSave={() => void save()}
          onClose={() => setAsked(false)}
        />
      ) : null}
      {leaving.status === 'blocked' ? (
        <Dialog
          title="Leave without saving?"
          description={`${counted(Math.max(1, changes), 'change')} of the policy will be lost.`}
          onClose={leaving.reset}
        >
          <div className="dialog-body" />
          <DialogButtons onClose={leaving.reset} closeLabel="Stay">
            <Button kind="danger" onClick={leaving.proceed}>
              Leave
            </Button>
          </DialogButtons>
        </Dialog>
      ) : null}
    </form>
  );
}

function Rule({
  title,
  text,
  error,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly error: string | null;
  readonly children: Parameters<typeof Field>[0]['children'];
}): ReactElement {
  return (
    <div className="rule">
      <Field label={title} hint={text} error={error}>
        {children}
      </Field>
    </div>
  );
}

function Unit({ unit, children }: { readonly unit: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="with-unit">
      {children}
      <span className="muted small">{unit}</span>
    </div>
  );
}

function Switch({
  title,
  text,
  checked,
  onChange,
}: {
  readonly title: string;
  readonly text: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): ReactElement {
  const id = useId();
  return (
    <div className="rule">
      <div className="field">
        <label htmlFor={id}>{title}</label>
        <input
          id={id}
          className="switch"
          type="checkbox"
          role="switch"
          aria-describedby={`${id}-hint`}
          aria-checked={checked}
          checked={checked}
          onChange={({ target }) => onChange(target.checked)}
        />
        <div className="field-hint" id={`${id}-hint`}>
          {text}
        </div>
      </div>
    </div>
  );
}

/** How many keys a rule on unused keys would reach now. */
function Unused({ days }: { readonly days: number }): ReactElement | null {
  const { data } = useQuery(unusedQuery(days));
  if (data === undefined || data.length === 0) return null;
  return (
    <div className="rule-note">
      <Notice tone="warn">
        {unusedText(data.length)} of {counted(days, 'day')} without use would be revoked.{' '}
        <Link to="/keys" search={{ status: 'active', unused: Math.min(days, 3650) }}>
          Look at them
        </Link>
      </Notice>
    </div>
  );
}

function unusedText(found: number): string {
  return found > MOST_UNUSED ? `More than ${MOST_UNUSED} keys` : counted(found, 'key');
}

function ConfirmDialog({
  stricter,
  policy,
  busy,
  onSave,
  onClose,
}: {
  readonly stricter: readonly Tightening[];
  readonly policy: Policy;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
}): ReactElement {
  const days = policy.revoke_unused_after_days;
  const revokes = days !== null && stricter.some(({ field }) => field === 'revoke_unused_after_days');
  const { data: unused } = useQuery({ ...unusedQuery(days ?? 1), enabled: revokes });
  const reached = revokes ? (unused?.length ?? 0) : 0;
  return (
    <Dialog title="Make the policy stricter?" onClose={onClose}>
      <div className="dialog-body">
        <ul className="stricter">
          {stricter.map(({ field, sentence }) => (
            <li key={field}>{sentence}</li>
          ))}
        </ul>
        {reached === 0 ? null : (
          <Notice tone="bad">
            {unusedText(reached)} {reached === 1 ? 'is' : 'are'} revoked within two hours. This cannot be undone.
          </Notice>
        )}
      </div>
      <DialogButtons onClose={onClose}>
        <Button kind={reached > 0 ? 'danger' : 'primary'} busy={busy} autoFocus onClick={onSave}>
          {reached > 0 ? `Save, and let ${reached === 1 ? 'it' : 'them'} be revoked` : 'Make it stricter'}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
