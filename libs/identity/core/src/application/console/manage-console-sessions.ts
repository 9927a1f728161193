import { endOfSession } from '../../domain/console-session.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { Clock } from '../ports/clock.js';
import type { ConsoleSessions } from '../ports/console-sessions.js';
import { consoleActor, type ConsoleEvents } from './console-events.js';
import type { ConsoleHolders, ConsoleIdentity } from './console-holders.js';
import { activeSession, type ActiveConsoleSession } from './verify-console-session.js';

/** Lists and ends sessions of the console for one of them. */
export class ManageConsoleSessions {
  constructor(
    private readonly sessions: ConsoleSessions,
    private readonly holders: ConsoleHolders,
    private readonly events: ConsoleEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * The sessions, newest first, that this one may end: those of its key if it may do all that the key may, otherwise itself
   * alone. For an operator who may do everything: those of all operators, at most the newest `MAX_SESSIONS`.
   */
  async list(by: ActiveConsoleSession): Promise<ActiveConsoleSession[]> {
    const { session, identity, hasAll } = by;
    if (!hasAll) return [by];
    const isOperator = identity.kind === 'operator' && identity.operator.grant.unrestricted;
    const now = this.clock.now();
    const active: ActiveConsoleSession[] = [];
    // Hundreds of sessions have a handful of secrets.
    const identities = new Map<string, ConsoleIdentity | null>();
    for (const each of await this.sessions.list(isOperator ? null : session.holder)) {
      if (endOfSession(each) <= now) continue;
      const key = JSON.stringify(each.holder);
      const known = identities.get(key);
      const found = known === undefined ? await this.holders.find(each.holder) : known;
      identities.set(key, found);
      if (found !== null) active.push(activeSession(each, found));
    }
    return active;
  }

  /**
   * Ends a session that `list` shows.
   *
   * @param origin - the id of the request and the client's address, for the audit log
   * @throws IdentityError `console_session.not_found`
   */
  async end(by: ActiveConsoleSession, sessionId: string, origin: RequestOrigin): Promise<void> {
    const shown = sessionId === by.session.id ? [by] : await this.list(by);
    const ended = shown.find(({ session }) => session.id === sessionId);
    if (ended === undefined) throw sessionNotFound();
    const actor = consoleActor(by.identity, origin);
    const about = { holder: ended.session.holder, identity: ended.identity };
    const event = this.events.build('console_session.ended', actor, about, { session_id: sessionId });
    if (!(await this.sessions.end(sessionId, event))) throw sessionNotFound();
  }
}

function sessionNotFound(): IdentityError {
  return new IdentityError('console_session.not_found', 'No such session.');
}
