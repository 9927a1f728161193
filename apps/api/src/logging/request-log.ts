import { getCaller } from '@feather-identity/http';
import { UNHOOKED_ANSWER } from '@feather-identity/shared-http/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { LineBudget } from './line-budget.js';

/** Log lines a minute for refused requests without a valid key. The metrics count all of them. */
const UNAUTHENTICATED_PER_MINUTE = 60;

/**
 * Logs one line for each answer. The line has the pattern of the route, never the URL, and nothing of headers and bodies:
 * a key that a client puts there by mistake stays out of the log.
 */
export function logRequests(app: NestFastifyApplication, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  // The id that a client quotes when it asks about a request. Ids that clients send are ignored: they may contain anything.
  fastify.addHook('onRequest', function assignRequestId(request, reply, done) {
    reply.header('x-request-id', request.id);
    done();
  });
  const unauthenticated = new LineBudget(UNAUTHENTICATED_PER_MINUTE, (count) => {
    logger.warn({ count }, 'refused requests without a valid key were left out of the log in the last minute');
  });
  fastify.addHook('onResponse', function logRequest(request, reply, done) {
    const caller = getCaller(request);
    if (caller === undefined && reply.statusCode >= 400 && !unauthenticated.spend()) {
      done();
      return;
    }
    logger.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
        request_id: request.id,
        organization_id: caller?.organization.id ?? null,
        api_key_id: caller?.apiKey.id ?? null,
      },
      'request',
    );
    done();
  });
  // Malformed input, and requests that did not arrive in time.
  app.getHttpServer().on(UNHOOKED_ANSWER, (status: number) => {
    if (!unauthenticated.spend()) return;
    const unknown = { method: null, route: null, duration_ms: null, request_id: null };
    logger.info({ ...unknown, status, organization_id: null, api_key_id: null }, 'request');
  });
}
