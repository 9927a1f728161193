import type { components } from '@feather-identity/client';
import { Button, errorSentence, KeyStateBadge, Notice, readSearch, Time, unwrapped } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import { api, dataOf } from '../../api/client.js';
import { useMay } from '../../session/session.js';
import { RevokeKey } from './revoke-key.js';

type Found = components['schemas']['FoundApiKeyResponse'];
type FoundOperatorKey = components['schemas']['FoundOperatorKey'];

interface Answer {
  readonly data: readonly Found[];
  readonly operatorKey: FoundOperatorKey | null;
}

/** Says whose a leaked key is. A whole token goes in a body, and is forgotten as soon as it was sent. */
export function FindKey(): ReactElement {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);

  const find = async (event?: SubmitEvent): Promise<void> => {
    event?.preventDefault();
    const text = unwrapped(typed);
    if (text === '' || busy) return;
    setBusy(true);
    setError(null);
    const search = readSearch(text, null);
    const isWhole = search.kind === 'secret' || (search.kind === 'prefix' && search.secretCutOff);
    try {
      const found = await dataOf(
        isWhole
          ? api.POST('/v1/operator/api-keys/find', {
              body: { token: search.kind === 'secret' ? search.secret : text },
            })
          : api.GET('/v1/operator/api-keys', {
              params: { query: { key_prefix: search.kind === 'prefix' ? search.prefix : text.slice(0, 64) } },
            }),
      );
      setAnswer({ data: found.items, operatorKey: found.operator_key ?? null });
      if (isWhole) setTyped(search.kind === 'prefix' ? search.prefix : '');
    } catch (failure) {
      setAnswer(null);
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="panel" aria-labelledby="find">
      <div className="panel-body find-key">
        <div>
          <h2 id="find">Whose key is this?</h2>
          <p className="small muted">
            Paste a key that was found somewhere, or its beginning. A whole key is compared, and kept nowhere.
          </p>
        </div>
        <form className="find-form" onSubmit={(event) => void find(event)}>
          <input
            className="input"
            data-mono=""
            aria-label="A key, or its beginning"
            placeholder="fth_live_4fQ9bT2x"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <Button type="submit" icon="search" busy={busy} disabled={typed.trim() === ''}>
            Find
          </Button>
        </form>
        <div className="find-answer" role="status">
          {error === null ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
          {answer === null ? null : <Answered answer={answer} onChanged={() => setAnswer(null)} />}
        </div>
      </div>
    </section>
  );
}

function Answered({ answer, onChanged }: { readonly answer: Answer; readonly onChanged: () => void }): ReactElement {
  const { data, operatorKey } = answer;
  if (operatorKey !== null) {
    return (
      <Notice tone="warn">
        That is a key of the operator: <bdi className="hostile">{operatorKey.name}</bdi>. On the command line,{' '}
        <code>feather operator key revoke</code> ends it.
      </Notice>
    );
  }
  if (data.length === 0) return <Notice>No key of any organization has or had this beginning.</Notice>;
  return (
    <>
      {data.map((found) => (
        <FoundKey key={found.api_key.id} found={found} onChanged={onChanged} />
      ))}
    </>
  );
}

function FoundKey({ found, onChanged }: { readonly found: Found; readonly onChanged: () => void }): ReactElement {
  const may = useMay();
  const [revoking, setRevoking] = useState(false);
  const { organization, api_key: key, replaced_at: replaced, whole_token_matches: matches } = found;
  const canRevoke = may('api_keys:manage') && (key.revoked_at ?? null) === null;
  return (
    <div className="found-key">
      <div className="found-text">
        <p className="row">
          <strong className="hostile">{key.name}</strong>
          <KeyStateBadge life={key} />
        </p>
        <p className="small muted">
          of{' '}
          <Link className="hostile" to="/organizations/$organizationId" params={{ organizationId: organization.id }}>
            {organization.name}
          </Link>
          {organization.is_active ? '' : ' (disabled)'}
          {replaced === null ? null : (
            <>
              . This secret was replaced <Time at={replaced} />
            </>
          )}
          {matches === false ? '. The beginning is right, but the rest of the key is not: it does not work' : ''}
          {matches === true ? '. The secret is genuine' : ''}.
        </p>
      </div>
      {canRevoke ? (
        <Button kind="danger-quiet" size="small" icon="trash" onClick={() => setRevoking(true)}>
          Revoke
        </Button>
      ) : null}
      {revoking ? (
        <RevokeKey
          organizationId={organization.id}
          apiKey={key}
          onClose={() => setRevoking(false)}
          onRevoked={onChanged}
        />
      ) : null}
    </div>
  );
}
