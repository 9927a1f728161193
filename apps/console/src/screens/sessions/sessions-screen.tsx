import {
  Badge,
  Button,
  Countdown,
  counted,
  Dialog,
  DialogButtons,
  errorSentence,
  Icon,
  localTime,
  Notice,
  RequestFailed,
  Time,
  useToast,
} from '@feather-identity/react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { request } from '../../api/client.js';
import { Failure } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useSession, type Session } from '../../session/session.js';
import './sessions.css';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await request<{ readonly data: readonly Session[] }>('GET', 'sessions')).data,
  refetchInterval: 60_000,
});

/** Ends a session. One that is over already is ended, too. */
async function end(id: string): Promise<void> {
  try {
    await request('DELETE', `sessions/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.status !== 404) throw error;
  }
}

/** Where this key, or the operator, is signed in to the console. */
export function SessionsScreen(): ReactElement {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  // The one of this page comes first, then those that were used last.
  const sessions = data?.toSorted(
    (a, b) => Number(b.current === true) - Number(a.current === true) || b.last_seen_at.localeCompare(a.last_seen_at),
  );
  const others = (sessions ?? []).filter(({ current }) => current !== true);

  const endOne = async ({ id, current }: Session): Promise<void> => {
    setEnding(id);
    try {
      if (current === true) {
        await request('DELETE', 'session');
        queries.clear();
        await navigate({ to: '/sign-in', search: {} });
        return;
      }
      await end(id);
      queries.setQueryData(sessionsQuery.queryKey, (all) => all?.filter((each) => each.id !== id));
      toast('That session is over.');
    } catch (failure) {
      toast(errorSentence(failure), 'bad');
    } finally {
      setEnding(null);
    }
  };

  return (
    <Page
      title="Sessions"
      width="form"
      lead={
        session.kind === 'operator'
          ? 'Every browser in which somebody is signed in to this console.'
          : 'The browsers in which this key is signed in to the console.'
      }
      actions={
        others.length === 0 ? undefined : (
          <Button kind="danger-quiet" icon="signOut" onClick={() => setAsked(true)}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      <ul className="panel sessions">
        {sessions === undefined && error === null ? (
          <li className="session">
            <span className="session-mark skeleton" />
            <span className="skeleton skeleton-row" />
          </li>
        ) : null}
        {sessions?.map((each) => (
          <li key={each.id} className="session" data-current={each.current === true ? '' : undefined}>
            <span className="session-mark">
              <Icon name={each.kind === 'operator' ? 'shield' : 'screen'} />
            </span>
            <div className="session-text">
              <p className="row">
                <strong className="hostile">
                  {session.kind === 'operator' ? nameOf(each) : `Signed in ${localTime(Date.parse(each.created_at))}`}
                </strong>
                {each.current === true ? <Badge tone="good">This browser</Badge> : null}
              </p>
              <p className="small muted">
                {each.current === true ? (
                  'In use now'
                ) : (
                  <>
                    Last seen <Time at={each.last_seen_at} />
                  </>
                )}
                {session.kind === 'operator' ? (
                  <>
                    {', signed in '}
                    <Time at={each.created_at} />
                  </>
                ) : null}
                {', ends in '}
                <Countdown until={each.expires_at} />
              </p>
            </div>
            <Button
              kind={each.current === true ? 'plain' : 'danger-quiet'}
              size="small"
              busy={ending === each.id}
              onClick={() => void endOne(each)}
            >
              {each.current === true ? 'Sign out' : 'End'}
            </Button>
          </li>
        ))}
      </ul>
      <Notice>
        A session ends by itself after 8 hours without use, and 24 hours after the sign-in.
        {session.kind === 'tenant'
          ? ' It also ends when its key is revoked, disabled or expires; a rotation ends it with the old secret.'
          : ''}{' '}
        See one that nobody knows? End it{session.kind === 'tenant' ? ', and rotate the key' : ''}.
      </Notice>
      {asked ? (
        <EndOthersDialog
          sessions={others}
          onClose={() => {
            setAsked(false);
            void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
          }}
        />
      ) : null}
    </Page>
  );
}

function nameOf({ kind, api_key: key, organization }: Session): string {
  if (kind === 'operator') return 'Operator';
  return [key?.name, organization?.name].filter((name) => name !== undefined).join(', ');
}

function EndOthersDialog({
  sessions,
  onClose,
}: {
  readonly sessions: readonly Session[];
  readonly onClose: () => void;
}): ReactElement {
  const toast = useToast();
  // Fixed when it opens: the list behind it may be read anew meanwhile.
  const [all] = useState(sessions);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);

  const endAll = async (): Promise<void> => {
    setError(null);
    try {
      for (const [index, { id }] of all.entries()) {
        setDone(index);
        await end(id);
      }
      toast(`${counted(all.length, 'session')} ended.`);
      onClose();
    } catch (failure) {
      setError(failure);
      setDone(null);
    }
  };

  return (
    <Dialog
      title="Sign out everywhere else?"
      description={`${counted(all.length, 'other session')} ${all.length === 1 ? 'ends' : 'end'} at once. This one goes on.`}
      onClose={onClose}
    >
      <div className="dialog-body">
        {done === null ? null : (
          <progress className="progress" aria-label="Sessions ended" max={all.length} value={done} />
        )}
        {error === null ? null : <Notice tone="bad">{errorSentence(error)}</Notice>}
      </div>
      <DialogButtons onClose={onClose}>
        <Button kind="danger" busy={done !== null} onClick={() => void endAll()}>
          {done === null ? 'Sign out everywhere else' : `Ending ${done + 1} of ${all.length}…`}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
