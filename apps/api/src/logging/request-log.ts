import { getCaller } from '@feather-identity/http';
import { UNHOOKED_ANSWER } from '@feather-identity/shared-http/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { LineBudget } from './line-budget.js';

/** Lines a minute about refused requests that no key came with, or a wrong one. The metrics count all of them. */
const STRANGERS_PER_MINUTE = 60;

/**
 * Logs one line an answer. The route is the pattern, never the URL, and no header or body is touched: whatever a client
 * puts there by mistake, its key included, stays out of the log.
 */
export function logRequests(app: NestFastifyApplication, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  // What a client quotes when it asks about a request. Its own ids are not taken over: they could hold anything.
  fastify.addHook('onRequest', function assignRequestId(request, reply, done) {
    reply.header('x-request-id', request.id);
    done();
  });
  const strangers = new LineBudget(STRANGERS_PER_MINUTE, (count) => {
    logger.warn({ count }, 'refused requests of nobody known were left out of the log in the last minute');
  });
  fastify.addHook('onResponse', function logRequest(request, reply, done) {
    const caller = getCaller(request);
    if (caller === undefined && reply.statusCode >= 400 && !strangers.spend()) {
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
  // Bytes that could not be read as a request, or not in time.
  app.getHttpServer().on(UNHOOKED_ANSWER, (status: number) => {
    if (!strangers.spend()) return;
    const unknown = { method: null, route: null, duration_ms: null, request_id: null };
    logger.info({ ...unknown, status, organization_id: null, api_key_id: null }, 'request');
  });
}
