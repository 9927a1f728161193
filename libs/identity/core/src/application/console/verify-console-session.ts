import {
  type ConsoleSession,
  endOfSession,
  hashOfConsoleSecret,
  isConsoleSecret,
} from '../../domain/console-session.js';
import type { ScopeGrant } from '../../domain/scope-grant.js';
import type { Clock } from '../ports/clock.js';
import type { ConsoleSessions } from '../ports/console-sessions.js';
import { type ConsoleHolders, type ConsoleIdentity, grantOf } from './console-holders.js';

/** Between two writes of when a session was last seen, in milliseconds. */
const SEEN_INTERVAL_MS = 60_000;

/** A session that is accepted at this moment. */
export interface ActiveConsoleSession {
  readonly session: ConsoleSession;
  /** Whom it acts for, with what the session may do now. */
  readonly identity: ConsoleIdentity;
  /** Whether it may do all that its key may do. A session with less sees and ends no other one. */
  readonly hasAll: boolean;
}

/** Finds the session of a secret. What has happened to its key counts at once. */
export class VerifyConsoleSession {
  readonly #writing = new Set<string>();

  constructor(
    private readonly sessions: ConsoleSessions,
    private readonly holders: ConsoleHolders,
    private readonly clock: Clock,
  ) {}

  /**
   * @param secret - as the cookie has it
   * @returns null for a session that has ended, or whose key is not accepted any more, and for any other text
   * @throws IdentityError `storage.unavailable`
   */
  async execute(secret: string): Promise<ActiveConsoleSession | null> {
    if (!isConsoleSecret(secret)) return null;
    const session = await this.sessions.find(hashOfConsoleSecret(secret));
    const now = this.clock.now();
    if (session === null || endOfSession(session) <= now) return null;
    const identity = await this.holders.find(session.holder);
    if (identity === null) return null;
    this.recordSeen(session, now);
    return activeSession(session, identity);
  }

  /** No request waits for the write. One that fails is made with the next request. */
  private recordSeen({ id, lastSeenAt }: ConsoleSession, at: Date): void {
    if (at.getTime() - lastSeenAt.getTime() < SEEN_INTERVAL_MS || this.#writing.has(id)) return;
    this.#writing.add(id);
    void this.sessions
      .recordSeen(id, at)
      .catch(() => undefined)
      .finally(() => this.#writing.delete(id));
  }
}

/** A session of a holder that is accepted. It may do what both the session and the holder may. */
export function activeSession(session: ConsoleSession, identity: ConsoleIdentity): ActiveConsoleSession {
  const all = grantOf(identity);
  return {
    session,
    identity: narrowed(identity, session, all.intersect(session.grant)),
    hasAll: session.grant.lacks(all).length === 0,
  };
}

function narrowed(identity: ConsoleIdentity, { id }: ConsoleSession, grant: ScopeGrant): ConsoleIdentity {
  if (identity.kind === 'operator') return { kind: 'operator', operator: { ...identity.operator, grant } };
  const { caller } = identity;
  const { apiKey } = caller;
  // The repository may share its rows: a handler that changed this date would change when the key expires.
  const expiresAt = apiKey.expiresAt && new Date(apiKey.expiresAt);
  return { kind: 'tenant', caller: { ...caller, apiKey: apiKey.with({ grant, expiresAt }), session: { id, apiKey } } };
}
