import { getCaller, getChangedKeyId, getConsoleSessionId, getOperatorKey } from '@feather-identity/http';
import { plainAddress } from '@feather-identity/shared-http/address';
import { UNHOOKED_ANSWER } from '@feather-identity/shared-http/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { LineBudget } from './line-budget.js';
import type { ProxyHeaders } from './proxy-headers.js';

/** Log lines a minute for refused requests without a valid key. The metrics count all of them. */
const UNAUTHENTICATED_PER_MINUTE = 60;

/** Asked every few seconds, day and night. Browsers' preflights are as many. */
export const PROBES: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** The fields of an answer that was given before the request could be read. */
const UNREAD = {
  method: null,
  route: null,
  duration_ms: null,
  request_id: null,
  trace_id: null,
  client_address: null,
  organization_id: null,
  api_key_id: null,
};

/**
 * Logs one line for each answer. The line has the pattern of the route, never the URL, and nothing of headers and bodies
 * but what trusted proxies say: a key that a client puts there by mistake stays out of the log.
 */
export function logRequests(app: NestFastifyApplication, logger: Logger, proxies: ProxyHeaders): void {
  const fastify = app.getHttpAdapter().getInstance();
  // The id that a client quotes when it asks about a request.
  fastify.addHook('onRequest', function assignRequestId(request, reply, done) {
    reply.header('x-request-id', request.id);
    done();
  });
  const unauthenticated = new LineBudget(UNAUTHENTICATED_PER_MINUTE, (count) => {
    logger.warn({ count }, 'refused requests without a valid key were left out of the log in the last minute');
  });
  fastify.addHook('onResponse', function logRequest(request, reply, done) {
    const caller = getCaller(request);
    const operatorKey = getOperatorKey(request);
    const changedKeyId = getChangedKeyId(request);
    const sessionId = getConsoleSessionId(request);
    const route = request.routeOptions.url ?? null;
    const isRefused = reply.statusCode >= 400;
    const isKnown = caller !== undefined || operatorKey !== undefined || sessionId !== undefined;
    if (!isKnown && isRefused && !unauthenticated.spend()) {
      done();
      return;
    }
    const isRoutine = !isRefused && (PROBES.includes(route ?? '') || request.method === 'OPTIONS');
    logger[isRoutine ? 'debug' : 'info'](
      {
        method: request.method,
        route,
        ...(isRefused ? proxies.forwarded(request.raw) : {}),
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
        request_id: request.id,
        trace_id: proxies.traceId(request.raw),
        // Where the proxy did not say who the client is: the proxy.
        client_address: plainAddress(request.ip) ?? request.raw.socket.remoteAddress,
        organization_id: caller?.organization.id ?? null,
        api_key_id: caller?.apiKey.id ?? null,
        ...(operatorKey === undefined ? {} : { operator_key_id: operatorKey.id }),
        ...(changedKeyId === undefined ? {} : { changed_api_key_id: changedKeyId }),
        ...(sessionId === undefined ? {} : { console_session_id: sessionId }),
      },
      'request',
    );
    done();
  });
  // Malformed input, and requests that did not arrive in time.
  app.getHttpServer().on(UNHOOKED_ANSWER, (status: number) => {
    if (unauthenticated.spend()) logger.info({ ...UNREAD, status }, 'request');
  });
}
