import {
  type ConsoleHolder,
  type ConsoleSession,
  consoleSecret,
  hashOfConsoleSecret,
  isConsoleSecret,
  MAX_SESSIONS,
  SESSION_IDLE_MS,
  SESSION_LIFETIME_MS,
} from '../../domain/console-session.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { RandomSource } from '../../domain/random-source.js';
import type { ScopeGrant } from '../../domain/scope-grant.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { VerifyOperatorKey } from '../operators/verify-operator-key.js';
import type { Clock } from '../ports/clock.js';
import type { ConsoleSessions } from '../ports/console-sessions.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { VerifyApiKey } from '../verification/verify-api-key.js';
import { consoleActor, type ConsoleEvents } from './console-events.js';
import { type ConsoleHolders, type ConsoleIdentity, grantOf } from './console-holders.js';
import { activeSession, type ActiveConsoleSession } from './verify-console-session.js';

/** Who has shown a key or the code of a link, and what the session may do. */
export interface ConsoleEntry {
  readonly holder: ConsoleHolder;
  readonly identity: ConsoleIdentity;
  readonly grant: ScopeGrant;
}

/** A session with its secret, which exists nowhere else. */
export interface OpenedConsoleSession {
  readonly secret: string;
  readonly active: ActiveConsoleSession;
}

/** Dependencies of `OpenConsoleSession`. */
export interface OpeningDependencies {
  readonly sessions: ConsoleSessions;
  readonly holders: ConsoleHolders;
  readonly events: ConsoleEvents;
  readonly verifyApiKey: VerifyApiKey;
  readonly verifyOperatorKey: VerifyOperatorKey;
  readonly operatorFormat: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** Opens a session of the console for a key or a link. */
export class OpenConsoleSession {
  constructor(private readonly parts: OpeningDependencies) {}

  /**
   * Verifies a key of an organization or of the operator, as any request with it does.
   *
   * @param signal - aborts when the client disconnects; then no hash is started
   * @throws IdentityError `authentication.required`, the same whatever is wrong with the key
   * @throws IdentityError `hashing.overloaded` or `storage.unavailable`: there is no verdict, try again later
   */
  async verifyKey(plainText: string, signal?: AbortSignal): Promise<ConsoleEntry> {
    const { operatorFormat, verifyApiKey, verifyOperatorKey, holders } = this.parts;
    if (operatorFormat.parse(plainText) !== null) {
      const { keyPrefix } = await verifyOperatorKey.execute(plainText, signal);
      return entryOf(await holders.findOperatorKey(keyPrefix));
    }
    const { organization } = await verifyApiKey.execute(plainText, signal);
    // The session is bound to the secret that was shown, which need not be the current one of its key.
    const credential = await verifyApiKey.prove(organization.id, plainText, signal);
    return entryOf(credential && (await holders.findApiKey(credential.secret.keyPrefix)));
  }

  /**
   * Takes a link, which cannot be used again.
   *
   * @throws IdentityError `authentication.required`, the same for a link that is unknown, used or has ended, and for one
   *   whose key is not accepted any more
   * @throws IdentityError `storage.unavailable`
   */
  async takeLink(code: string): Promise<ConsoleEntry> {
    if (!isConsoleSecret(code)) throw refusal();
    const { sessions, holders, clock } = this.parts;
    const link = await sessions.takeLink(hashOfConsoleSecret(code), clock.now());
    if (link === null) throw refusal();
    const { holder, grant } = link;
    const identity = await holders.find(holder);
    if (identity === null) throw refusal();
    // What the key has lost since the link was made does not come back to the session with it.
    return { holder, identity, grant: grantOf(identity).intersect(grant) };
  }

  /**
   * Opens a session. If the holder has too many, it ends the one that was seen longest ago.
   *
   * @param origin - the id of the request and the client's address, for the audit log
   * @throws IdentityError `storage.unavailable`
   */
  async execute({ holder, identity, grant }: ConsoleEntry, origin: RequestOrigin): Promise<OpenedConsoleSession> {
    const { sessions, events, random, ids, clock } = this.parts;
    const secret = consoleSecret(random);
    const now = clock.now();
    const session: ConsoleSession = { id: ids.next(), holder, grant, createdAt: now, lastSeenAt: now };
    const active = activeSession(session, identity);
    const actor = consoleActor(identity, origin);
    const { scopes, unrestricted } = grantOf(active.identity);
    const event = events.build(
      'console_session.opened',
      actor,
      { holder, identity },
      {
        session_id: session.id,
        scopes,
        unrestricted,
      },
    );
    const endingOf = ({ id }: ConsoleSession) =>
      events.build('console_session.ended', actor, { holder, identity }, { session_id: id });
    await sessions.insert(
      { session, secretHash: hashOfConsoleSecret(secret), event },
      {
        maxSessions: MAX_SESSIONS,
        endingOf,
        createdUntil: new Date(now.getTime() - SESSION_LIFETIME_MS),
        lastSeenUntil: new Date(now.getTime() - SESSION_IDLE_MS),
      },
    );
    return { secret, active };
  }
}

/** An entry with all that its holder may do. */
function entryOf(found: Pick<ConsoleEntry, 'holder' | 'identity'> | null): ConsoleEntry {
  // The key was revoked since it was verified.
  if (found === null) throw refusal();
  return { ...found, grant: grantOf(found.identity) };
}

function refusal(): IdentityError {
  return new IdentityError('authentication.required', 'No valid API key was provided.');
}
