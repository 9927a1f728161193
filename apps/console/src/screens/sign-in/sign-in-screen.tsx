import { Button, errorSentence, Field, Notice, RequestFailed } from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent, type ReactElement } from 'react';
import { basePath, request } from '../../api/client.js';
import { Logo } from '../../layout/logo.js';
import { sessionQuery, type Session } from '../../session/session.js';
import { holderOf, noteLink } from './arrival.js';
import { spendCode, useLinkCode } from './link-code.js';

/** Where a key or a link becomes a session. */
export function SignInScreen(): ReactElement {
  const { to, ended } = useSearch({ from: '/sign-in' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const [key, setKey] = useState('');
  const code = useLinkCode();
  const [busy, setBusy] = useState(code !== null);
  const [problem, setProblem] = useState<string | null>(null);
  /** Who is signed in here while a link waits that would sign in somebody, perhaps somebody else. */
  const [present, setPresent] = useState<Session | null>(null);

  const leave = async (): Promise<void> => {
    if (to === undefined) await navigate({ to: '/', replace: true });
    else router.history.replace(basePath + to);
  };

  const signIn = async (proof: { key: string } | { code: string }): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const session = await request<Session>('POST', 'sessions', proof);
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      if ('code' in proof) noteLink(queries);
      await leave();
    } catch (error) {
      setPresent(null);
      setProblem(sentenceOf(error, 'code' in proof));
      setBusy(false);
    }
  };

  useEffect(() => {
    document.title = 'Sign in · Feather Identity';
    // What the last session has seen.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    // Once, when the page opens.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  useEffect(() => {
    if (code === null) return;
    setBusy(true);
    // A link may come from anybody, so it ends nobody's session unasked.
    queries.query({ ...sessionQuery, staleTime: 0 }).then(
      (session) => {
        if (session === null) return signInByLink();
        setPresent(session);
        setBusy(false);
        return undefined;
      },
      (error: unknown) => {
        spendCode();
        setProblem(`${errorSentence(error)} Then open the link again.`);
        setBusy(false);
      },
    );
    // For each code once.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [code]);

  const signInByLink = async (): Promise<void> => {
    const spent = spendCode();
    if (spent !== null) await signIn({ code: spent });
  };

  const stay = (): void => {
    spendCode();
    void leave();
  };

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
          <p className="sign-in-product">Feather Identity</p>
          <h1>Sign in</h1>
          <p className="muted">See your keys, what they do, and who uses them.</p>
        </div>
        {ended === true && problem === null && !busy ? (
          <Notice>
            Your session is over: its time was up, somebody has ended it, or its key is no longer accepted. Sign in
            again to go on.
          </Notice>
        ) : null}
        {problem === null ? null : <Notice tone="bad">{problem}</Notice>}
        {present === null ? (
          <>
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
              No key at hand? On the server, <code>feather console link</code> prints a link that signs you in once;
              from a clone it is <code>npm run -s feather -- console link</code>.
            </p>
          </>
        ) : (
          <div className="stack">
            <Notice>
              You are signed in as <bdi className="hostile">{holderOf(present)}</bdi>. The link would end that session
              in this browser, and sign in whoever it was made for.
            </Notice>
            <Button kind="primary" busy={busy} autoFocus onClick={stay}>
              Stay signed in
            </Button>
            <Button busy={busy} onClick={() => void signInByLink()}>
              Sign in with the link
            </Button>
          </div>
        )}
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
