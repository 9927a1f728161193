import type { onSendHookHandler } from 'fastify';

/** On every response: nothing here belongs in a cache or may be sniffed for another type. */
export const SECURITY_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/** Adds SECURITY_HEADERS. A header that a handler has set stays. */
export const addSecurityHeaders: onSendHookHandler = (_request, reply, payload, done) => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    if (!reply.hasHeader(name)) void reply.header(name, value);
  }
  done(null, payload);
};
