import { Button, errorSentence, Field, Notice, RequestFailed } from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent, type ReactElement } from 'react';
import { basePath, request } from '../../api/client.js';
import { Logo } from '../../layout/logo.js';
import { sessionQuery, type Session } from '../../session/session.js';
import { codeIn } from './link-code.js';

/** The code of the link that opened the page. Read and removed from the address before anything else can see it. */
const linkCode = takeCode();

function takeCode(): string | null {
  const code = codeIn(location.hash);
  if (code !== null && location.pathname === `${basePath}/sign-in`) {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return code;
}

/** A link works once, so it is used once, however often React renders. */
let linkUsed = false;

/** Where a key or a link becomes a session. */
export function SignInScreen(): ReactElement {
  const { to, ended } = useSearch({ from: '/sign-in' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(linkCode !== null && !linkUsed);
  const [problem, setProblem] = useState<string | null>(null);

  const signIn = async (proof: { key: string } | { code: string }): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const session = await request<Session>('POST', 'sessions', proof);
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      if (to === undefined) await navigate({ to: '/', replace: true });
      else router.history.replace(basePath + to);
    } catch (error) {
      setProblem(sentenceOf(error, 'code' in proof));
      setBusy(false);
    }
  };

  useEffect(() => {
    document.title = 'Sign in · Feather Identity';
    // What the last session has seen.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    if (linkCode === null || linkUsed) return;
    linkUsed = true;
    void signIn({ code: linkCode });
    // The code of a link is tried once, when the page opens.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = key.trim();
    if (typed === '') {
      setProblem('Paste a key first.');
      return;
    }
    // It is in the request from here on, and nowhere else.
    setKey('');
    void signIn({ key: typed });
  };

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Logo size={40} />
        <div className="sign-in-head">
          <h1>Sign in</h1>
          <p className="muted">See your keys, what they do, and who uses them.</p>
        </div>
        {ended === true && problem === null && !busy ? (
          <Notice>Your session is over: it came to its end, or its key did. Sign in again to go on.</Notice>
        ) : null}
        {problem === null ? null : <Notice tone="bad">{problem}</Notice>}
        <form className="stack" onSubmit={submit}>
          <Field
            label="API key"
            hint="The session can do what this key can, and ends with it. The key itself is not kept in the browser."
          >
            {(control) => (
              <input
                {...control}
                className="input"
                data-mono=""
                // Not a password: browsers would offer to store it.
                type="text"
                name="feather-key"
                autoComplete="off"
                autoCapitalize="none"
                autoCorrect="off"
                spellCheck={false}
                data-masked=""
                autoFocus
                placeholder="fth_live_…"
                value={key}
                onChange={(event) => setKey(event.target.value)}
              />
            )}
          </Field>
          <Button kind="primary" type="submit" busy={busy}>
            {busy ? 'Signing in…' : 'Sign in'}
          </Button>
        </form>
        <p className="sign-in-foot small muted">
          No key at hand? On the server, <code>feather console link</code> prints a link that signs you in once.
        </p>
      </div>
    </main>
  );
}

function sentenceOf(error: unknown, byLink: boolean): string {
  const refused = error instanceof RequestFailed && [400, 401, 422].includes(error.status);
  if (!refused) return errorSentence(error);
  return byLink
    ? 'This link was used before or is older than 10 minutes. Ask for a new one, or paste a key.'
    : 'This key is not accepted. Check that you copied all of it, and that it was not revoked, disabled or replaced.';
}
