/** Node's own limit for the header section. No parameter can be longer, so Fastify's 414 is never the answer. */
export const MAX_HEADER_BYTES = 16_384;

/** Milliseconds. */
export const TIMEOUTS = {
  headers: 8_000,
  request: 9_000,
  check: 500,
  // Longer than the idle timeout of common load balancers (60 s), which must close first.
  keepAlive: 65_000,
  // Longer than keepAlive, since it counts idle time, too.
  inactivity: 90_000,
} as const;

/** For clients that do not read their answers. */
export interface WriteLimits {
  /** How long a client may read nothing of an answer, in milliseconds. It may take twice as long until it is noticed. */
  readonly stalledMs: number;
  /** How many bytes of answers may wait for clients, on all connections together. */
  readonly unsentBytes: number;
}

export const WRITE_LIMITS: WriteLimits = { stalledMs: 10_000, unsentBytes: 64 * 1_048_576 };
