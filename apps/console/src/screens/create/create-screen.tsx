import {
  Button,
  defaultExpiry,
  Dialog,
  DialogButtons,
  errorSentence,
  expiryBounds,
  expiryChoices,
  ExpiryField,
  expiryOf,
  Field,
  grantable,
  Icon,
  issueOf,
  labelsProblem,
  LimitFields,
  limitProblems,
  limitsBody,
  NO_LIMITS,
  Notice,
  ScopePicker,
  splitList,
} from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState, type SubmitEvent, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { keyQuery, policyQuery, scopesQuery } from '../../api/queries.js';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';
import { CreatedKey, type NewKey } from './created-key.js';

const NOTHING = Object.values(NO_LIMITS).join();

const LIMITS = ['rate_limit', 'quota', 'allowed_networks'];

/** The fields beside which an error is shown. */
const FIELDS = ['name', 'description', 'labels', 'scopes', 'expires_at', ...LIMITS];

/** Makes a key, and shows it once. */
export function CreateScreen(): ReactElement {
  // In this component alone: neither the cache of answers nor the address ever holds a secret.
  const [created, setCreated] = useState<NewKey | null>(null);
  return created === null ? (
    <CreateForm onCreated={setCreated} />
  ) : (
    <CreatedKey created={created} onAnother={() => setCreated(null)} />
  );
}

function CreateForm({ onCreated }: { readonly onCreated: (created: NewKey) => void }): ReactElement {
  const session = useSession();
  const may = useMay();
  const queries = useQueryClient();
  const mayRead = may('api_keys:read');
  const { data: policy } = useQuery({ ...policyQuery, enabled: mayRead });
  const { data: catalogue } = useQuery({ ...scopesQuery, enabled: mayRead });
  const { data: own } = useQuery({
    ...keyQuery(session.api_key?.id ?? ''),
    enabled: mayRead && session.api_key !== null,
  });

  const [opened] = useState(() => Date.now());
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [labels, setLabels] = useState('');
  const [everything, setEverything] = useState(false);
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [expiry, setExpiry] = useState<{ choice: string; custom: string } | null>(null);
  const [limits, setLimits] = useState(NO_LIMITS);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const [limitsOpen, setLimitsOpen] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const typed = name + description + labels !== '' || scopes.length > 0 || Object.values(limits).join() !== NOTHING;
  const leaving = useBlocker({ shouldBlockFn: () => typed, enableBeforeUnload: () => typed, withResolver: true });
  const tried = tries > 0;

  // After a press of the button that made no key: on to what is wrong.
  useEffect(() => {
    if (tries > 0) focusFirstError(form.current);
  }, [tries]);

  const bounds = expiryBounds(opened, policy?.max_lifetime_days ?? null, own?.expires_at ?? null);
  const choices = expiryChoices(opened, bounds, policy?.expiry_required ?? false);
  const { choice, custom } = expiry ?? { choice: defaultExpiry(choices), custom: '' };
  const end = expiryOf(choice, custom, opened, bounds);
  const mayEverything = policy?.scopes_required !== true || !session.unrestricted;

  const problems = {
    name: name.trim() === '' ? 'Give the key a name by which you will know it again.' : null,
    labels: labelsProblem(labels),
    scopes: !everything && scopes.length === 0 ? 'Choose at least one scope.' : null,
    expiry: end === undefined ? 'Choose a date.' : null,
  };
  const limitsWrong = Object.values(limitProblems(limits)).some((problem) => problem !== null);

  const wrong = limitsWrong || Object.values(problems).some((problem) => problem !== null);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setError(null);
    if (wrong || end === undefined) {
      if (limitsWrong) setLimitsOpen(true);
      setTries(tries + 1);
      return;
    }
    setBusy(true);
    const { rate_limit: rate, quota, allowed_networks: networks } = limitsBody(limits);
    // Everything: what the caller has. An unrestricted caller leaves the scopes out.
    const granted = everything ? session.scopes : scopes;
    try {
      const { plain_text_key: secret, id } = await dataOf(
        api.POST('/v1/identity/api-keys', {
          body: {
            name: name.trim(),
            ...(description.trim() !== '' && { description: description.trim() }),
            labels: [...splitList(labels)],
            ...(granted.length > 0 && { scopes: [...granted] }),
            ...(end !== null && { expires_at: end }),
            ...(rate !== null && { rate_limit: rate }),
            ...(quota !== null && { quota }),
            ...(networks !== null && { allowed_networks: networks }),
          },
        }),
      );
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
      onCreated({ id, name: name.trim(), secret });
    } catch (failure) {
      setError(failure);
      setBusy(false);
      if (LIMITS.some((field) => issueOf(failure, field) !== null)) setLimitsOpen(true);
      setTries(tries + 1);
    }
  };

  const shown = (problem: string | null): string | null => (tried ? problem : null);
  const marked = FIELDS.some((field) => issueOf(error, field) !== null) || (tried && wrong);
  const scopesProblem = shown(problems.scopes) ?? issueOf(error, 'scopes');
  return (
    <Page
      title="Create a key"
      width="form"
      above={
        <Link className="back" to="/keys">
          <Icon name="left" />
          Keys
        </Link>
      }
    >
      <form className="panel" noValidate ref={form} onSubmit={(event) => void submit(event)}>
        <section className="panel-section form-section">
          <Field label="Name" error={shown(problems.name) ?? issueOf(error, 'name')}>
            {(control) => (
              <input
                {...control}
                className="input"
                autoFocus
                autoComplete="off"
                maxLength={255}
                placeholder="Web shop, production"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Description" optional error={issueOf(error, 'description')}>
            {(control) => (
              <textarea
                {...control}
                className="textarea"
                maxLength={1000}
                rows={2}
                placeholder="What it is for, and whom to ask"
                value={description}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Labels"
            optional
            error={problems.labels ?? issueOf(error, 'labels')}
            hint="To find and filter keys. Separate them by commas."
          >
            {(control) => (
              <input
                {...control}
                className="input"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                placeholder="team:shop, production"
                value={labels}
                onChange={(event) => setLabels(event.target.value)}
              />
            )}
          </Field>
        </section>

        <section className="panel-section form-section" aria-labelledby="create-scopes">
          <header>
            <h2 id="create-scopes">What it may do</h2>
            <p>Only what the key that signed you in may do itself is offered.</p>
          </header>
          {mayEverything ? (
            <div className="choices" role="radiogroup" aria-labelledby="create-scopes">
              <Choice
                checked={!everything}
                onChange={() => setEverything(false)}
                title="Chosen scopes"
                text="The safe choice: only what the application needs."
              />
              <Choice
                checked={everything}
                onChange={() => setEverything(true)}
                title={session.unrestricted ? 'Everything' : 'All that I may do'}
                text={
                  session.unrestricted
                    ? 'Also scopes that are added later.'
                    : `The ${session.scopes.length} scopes of “${session.api_key?.name ?? 'this key'}”.`
                }
              />
            </div>
          ) : null}
          {everything ? null : (
            <div className="field">
              <ScopePicker
                holder={session}
                resources={grantable(session, catalogue?.scopes ?? [])}
                freeText={catalogue?.enforced !== true}
                value={scopes}
                onChange={setScopes}
              />
              {scopesProblem === null ? null : (
                <div className="field-error" role="alert">
                  <Icon name="warning" />
                  <span>{scopesProblem}</span>
                </div>
              )}
            </div>
          )}
        </section>

        <section className="panel-section form-section">
          <ExpiryField
            choices={choices}
            bounds={bounds}
            choice={choice}
            custom={custom}
            now={opened}
            error={shown(problems.expiry) ?? issueOf(error, 'expires_at')}
            onChange={(nextChoice, nextCustom) => setExpiry({ choice: nextChoice, custom: nextCustom })}
          />
        </section>

        <section className="panel-section">
          <details
            className="disclosure"
            open={limitsOpen}
            onToggle={(event) => setLimitsOpen(event.currentTarget.open)}
          >
            <summary>
              <Icon name="right" />
              Limits and addresses
              <span className="field-optional">optional</span>
            </summary>
            <LimitFields value={limits} error={error} onChange={setLimits} />
          </details>
        </section>

        <div className="form-foot">
          {marked || error !== null ? (
            <Notice tone="bad">
              {marked ? 'No key was created yet: see what is marked above.' : errorSentence(error)}
            </Notice>
          ) : (
            <span className="field-hint">The key is shown once, on the next page.</span>
          )}
          <Link className="button" to="/keys">
            Cancel
          </Link>
          <Button kind="primary" type="submit" busy={busy}>
            {busy ? 'Creating…' : 'Create key'}
          </Button>
        </div>
      </form>
      {leaving.status === 'blocked' ? (
        <Dialog title="Leave without creating the key?" description="What you typed is lost." onClose={leaving.reset}>
          <DialogButtons onClose={leaving.reset} closeLabel="Stay">
            <Button kind="primary" onClick={leaving.proceed}>
              Leave
            </Button>
          </DialogButtons>
        </Dialog>
      ) : null}
    </Page>
  );
}

/** Moves the focus, and with it the page, to the first field that has an error. */
function focusFirstError(form: HTMLFormElement | null): void {
  form
    ?.querySelector('.field-error')
    ?.closest('.field')
    ?.querySelector<HTMLElement>('input:enabled, select, textarea')
    ?.focus();
}

function Choice({
  checked,
  onChange,
  title,
  text,
}: {
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly title: string;
  readonly text: string;
}): ReactElement {
  return (
    <label className="choice">
      <input className="check" type="radio" name="access" checked={checked} onChange={onChange} />
      <span className="choice-text">
        {title}
        <small>{text}</small>
      </span>
    </label>
  );
}
