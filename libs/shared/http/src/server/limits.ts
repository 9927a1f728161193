/** Node's own limit for the header section. No parameter can be longer, so Fastify's 414 is never the answer. */
export const MAX_HEADER_BYTES = 16_384;

/** Milliseconds. */
export const TIMEOUTS = {
  headers: 8_000,
  request: 9_000,
  check: 500,
} as const;

/** Longer than the idle timeout of common load balancers (60 s), which must close first. */
export const KEEP_ALIVE_SECONDS = 65;

/** How much longer than an idle connection one may be silent in the middle of a request or an answer, in milliseconds. */
export const INACTIVITY_BEYOND_IDLE = 25_000;

/** For clients that do not read their answers. */
export interface WriteLimits {
  /** How long a client may read nothing of an answer, in milliseconds. It may take twice as long until it is noticed. */
  readonly stalledMs: number;
  /** How many bytes of answers may wait for clients, on all connections together. */
  readonly unsentBytes: number;
}

export const WRITE_LIMITS: WriteLimits = { stalledMs: 10_000, unsentBytes: 64 * 1_048_576 };

/** How long a client may take to send the rest of a request's head during a shutdown. */
export const LAST_HEAD_MILLISECONDS = 1000;
