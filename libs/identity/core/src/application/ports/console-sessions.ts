import type { AuditEvent } from '../../domain/audit-event.js';
import type { ConsoleHolder, ConsoleLink, ConsoleSession } from '../../domain/console-session.js';
import type { OperatorEvent } from '../../domain/operator-key.js';

/** An event of a session or a link: of the organization whose key it is, or of the installation for operators. */
export type ConsoleEvent = AuditEvent | (OperatorEvent & { readonly organizationId?: undefined });

/** A link with the hash of its code and the event that records it, stored together or not at all. */
export interface NewConsoleLink {
  readonly link: ConsoleLink;
  readonly codeHash: string;
  readonly event: ConsoleEvent;
}

/** A session with the hash of its secret and the event that records it, stored together or not at all. */
export interface NewConsoleSession {
  readonly session: ConsoleSession;
  readonly secretHash: string;
  readonly event: ConsoleEvent;
  /** The hash of the code of the link that opens it, and is used up by it. Default: a key opens it. */
  readonly linkHash?: string | undefined;
}

/** What must hold when a session is opened. */
export interface OpeningTerms {
  /** The most sessions that a holder has, this one included: those that were seen last stay. */
  readonly maxSessions: number;
  /** The event of a session that ends because of it. */
  readonly endingOf: (session: ConsoleSession) => ConsoleEvent;
  /** Sessions of anybody that were created or last seen by these instants have ended by themselves. */
  readonly createdUntil: Date;
  readonly lastSeenUntil: Date;
}

/**
 * Sessions of the console, and links that open one. What has ended is removed: it is not known any more. It fails as
 * `ApiKeyRepository` does.
 */
export abstract class ConsoleSessions {
  /** Stores a link, and removes at most 100 that ended before it was created. */
  abstract insertLink(created: NewConsoleLink): Promise<void>;

  /** The link with this hash, which stays. Null if there is none or it has ended. */
  abstract findLink(codeHash: string, now: Date): Promise<ConsoleLink | null>;

  /**
   * Stores a session, and removes its link: of several sessions with one link, exactly one is stored. Also ends the
   * sessions of the same holder that are too many, each with an event, and removes at most 100 that have ended by
   * themselves.
   *
   * @throws IdentityError `authentication.required`: another session has used up the link
   */
  abstract insert(created: NewConsoleSession, terms: OpeningTerms): Promise<void>;

  /** The session with this hash, even if it has ended. Shows what was committed before the call. */
  abstract find(secretHash: string): Promise<ConsoleSession | null>;

  /** At most `MAX_SESSIONS` of a holder, newest first; with null, of all operator keys and the operator. */
  abstract list(holder: ConsoleHolder | null): Promise<ConsoleSession[]>;

  /** Removes a session and stores the event. False if there is none: then nothing is stored. */
  abstract end(sessionId: string, event: ConsoleEvent): Promise<boolean>;

  /** Records when a session was last seen. An earlier instant never replaces a later one; an unknown id is ignored. */
  abstract recordSeen(sessionId: string, at: Date): Promise<void>;
}
