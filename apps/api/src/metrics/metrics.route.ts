import { publicRoute } from '@feather-identity/http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createMetrics, type MetricSources } from './metrics.js';

/** Serves `GET /metrics` in the text format of Prometheus. It needs no key, because it contains only numbers. */
export function serveMetrics(app: NestFastifyApplication, sources: MetricSources): void {
  const metrics = createMetrics(sources);
  app
    .getHttpAdapter()
    .getInstance()
    .get('/metrics', publicRoute, async (_request, reply) => {
      const text = await metrics.metrics();
      // For Prometheus alone, whichever pages of other origins may use the API.
      void reply.removeHeader('Access-Control-Allow-Origin');
      return reply.type(metrics.contentType).send(text);
    });
}
