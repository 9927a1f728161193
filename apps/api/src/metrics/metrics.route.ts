import { getCaller, publicRoute } from '@feather-identity/http';
import { UNHOOKED_ANSWER } from '@feather-identity/shared-http/server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyRequests } from './key-requests.js';
import { createMetrics, type MetricSources } from './metrics.js';
import { measureRequests } from './request-metrics.js';

/**
 * Serves `GET /metrics` in the text format of Prometheus. It needs no key, because it contains only numbers, and with
 * `byKey` the ids of keys. Measures all requests from now on.
 */
export function serveMetrics(
  app: NestFastifyApplication,
  sources: Omit<MetricSources, 'unread' | 'keyRequests'>,
  byKey: boolean,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  const keyRequests = byKey ? new KeyRequests() : null;
  const unread = { answers: 0 };
  const metrics = createMetrics({ ...sources, unread, keyRequests });
  const measure = measureRequests(metrics);
  fastify.addHook('onResponse', function measureRequest(request, reply, done) {
    const { method, routeOptions } = request;
    measure({ method, route: routeOptions.url, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    if (keyRequests !== null) {
      const caller = getCaller(request);
      if (caller !== undefined) keyRequests.count(caller.apiKey.id);
    }
    done();
  });
  app.getHttpServer().on(UNHOOKED_ANSWER, () => {
    unread.answers += 1;
  });
  fastify.get('/metrics', publicRoute, async (_request, reply) => {
    const text = await metrics.metrics();
    // For Prometheus alone, whichever pages of other origins may use the API.
    void reply.removeHeader('Access-Control-Allow-Origin');
    return reply.type(metrics.contentType).send(text);
  });
}
