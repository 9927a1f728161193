import { findTracing } from '@feather-identity/client/tracing';
import type { FastifyInstance } from 'fastify';
import type { FastifyApplication } from '../authentication/api-key-authentication.js';

/** Every other one is `_OTHER`, so that no client makes more (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** How long a shutdown waits for the spans to be sent, in milliseconds. */
const FLUSH_MS = 1000;

/**
 * Makes a span of each request of an application on Fastify, if a tracer provider is registered, and has the spans sent
 * when the application closes. A request that has a span already, by instrumentation of `node:http`, gets no other. The
 * span says nothing of the path, the query and the headers, where a client may put a key by mistake.
 *
 * @param app - call this before `protect` of `ApiKeyAuthentication`
 * @param untraced - routes that get no span, such as probes. Default: none
 */
export function traceRequests(app: FastifyApplication, untraced: readonly string[] = []): void {
  const tracing = findTracing();
  if (tracing === undefined) return;
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.addHook('onRequest', function beginSpan(request, { raw: response }, done) {
    const route = request.routeOptions.url;
    if (tracing.isInSpan || (route !== undefined && untraced.includes(route))) {
      done();
      return;
    }
    const isKnown = METHODS.includes(request.method);
    const title = isKnown ? request.method : 'HTTP';
    const attributes = {
      'http.request.method': isKnown ? request.method : '_OTHER',
      'http.route': route,
      'url.scheme': request.protocol,
      'network.protocol.version': request.raw.httpVersion,
    };
    const start = { kind: 'server', attributes, parent: tracing.contextOf(request.headers) } as const;
    void tracing.run(route === undefined ? title : `${title} ${route}`, start, async (span) => {
      done();
      // This comes also where the client has left.
      if (!response.closed) await new Promise<void>((resolve) => void response.once('close', resolve));
      // Of such a client: no answer, or one to the body that ended with it, which nobody gets.
      if (!response.writableFinished || request.raw.errored !== null) return;
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) tracing.fail(span, String(response.statusCode));
    });
  });
  fastify.addHook('onClose', () => tracing.flush(FLUSH_MS));
}
