import { createHash } from 'node:crypto';
import type { RandomSource } from './random-source.js';
import type { ScopeGrant } from './scope-grant.js';

/** A session ends when it was not used for this long. Milliseconds. */
export const SESSION_IDLE_MS = 8 * 3_600_000;

/** A session ends this long after it was opened, however much it is used. Milliseconds. */
export const SESSION_LIFETIME_MS = 24 * 3_600_000;

/** How long a link can be used, at most and unless a shorter time is asked for. Seconds. */
export const LINK_LIFETIME_SECONDS = 600;

/** The most sessions that one key has at once, or the operator without a key. A host's users may share a key. */
export const MAX_SESSIONS = 1000;

/** Bytes of the secret of a session or a link: 256 bits. */
const SECRET_BYTES = 32;

/** What such a secret looks like: those bytes in base64url. */
const SECRET = /^[\w-]{43}$/;

/**
 * Whom a session of the console acts for: the secret of an organization's key, an operator key, or the operator, who has
 * made a link on the command line. Keys are named by their id too, because a public part can be drawn again.
 */
export type ConsoleHolder =
  | { readonly kind: 'api_key' | 'operator_key'; readonly apiKeyId: string; readonly keyPrefix: string }
  | {
      readonly kind: 'operator';
      /** The operating-system user name of the operator; null if unknown. */
      readonly name: string | null;
    };

/** A single-use link to the console. Whoever opens it gets a session. */
export interface ConsoleLink {
  readonly holder: ConsoleHolder;
  /** The most that the session may do. */
  readonly grant: ScopeGrant;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A session of the console. Its secret is in a cookie of the browser, and is stored as a hash. */
export interface ConsoleSession {
  /** UUIDv7. */
  readonly id: string;
  readonly holder: ConsoleHolder;
  /**
   * What the holder was allowed when the session was opened. The session never gets more, and gets less if its key
   * does.
   */
  readonly grant: ScopeGrant;
  readonly createdAt: Date;
  /** Written at most once a minute. */
  readonly lastSeenAt: Date;
}

/** When a session ends if it is not used again. */
export function endOfSession({ createdAt, lastSeenAt }: Pick<ConsoleSession, 'createdAt' | 'lastSeenAt'>): Date {
  return new Date(Math.min(createdAt.getTime() + SESSION_LIFETIME_MS, lastSeenAt.getTime() + SESSION_IDLE_MS));
}

/** A new secret of a session or a link. */
export function consoleSecret(random: RandomSource): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
}

/** Whether a text is spelled like the secret of a session or a link. */
export function isConsoleSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What is stored of such a secret. It is random and long, so no slow hash is needed. */
export function hashOfConsoleSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
