/** Node's own limit for the header section: no parameter can be longer, so Fastify's 414 is never the answer. */
export const MAX_HEADER_BYTES = 16_384;

/** Milliseconds. */
export const TIMEOUTS = {
  headers: 8_000,
  request: 9_000,
  check: 500,
  // Longer than the idle timeout of common load balancers (60 s), which must be the ones to close first.
  keepAlive: 65_000,
  // For clients that stop reading; above keepAlive, since it counts idle time too.
  inactivity: 90_000,
} as const;
