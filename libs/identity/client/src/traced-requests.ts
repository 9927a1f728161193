import type { Middleware } from 'openapi-fetch';
import { findTracing } from './tracing.js';

/** What sends the requests of a client, each in a span, and what tells it their routes. */
export interface TracedRequests {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly middleware: Middleware;
}

/** Undefined if the application has registered no tracer provider. */
export function traceRequestsTo(baseUrl: string): TracedRequests | undefined {
  const tracing = findTracing();
  if (tracing === undefined) return undefined;
  const { hostname, port, protocol } = new URL(baseUrl);
  const server = {
    'server.address': hostname,
    'server.port': Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
  };
  // Not the URL: a path or a query may hold what a caller has put there by mistake.
  const templates = new WeakMap<Request, string>();
  return {
    middleware: { onRequest: ({ request, schemaPath }) => void templates.set(request, schemaPath) },
    fetch: (request) => {
      const template = templates.get(request);
      const attributes = { ...server, 'http.request.method': request.method, 'url.template': template };
      const name = template === undefined ? request.method : `${request.method} ${template}`;
      return tracing.run(name, { kind: 'client', attributes }, async (span) => {
        const response = await tracing.send(request);
        span.setAttribute('http.response.status_code', response.status);
        if (response.status >= 400) tracing.fail(span, String(response.status));
        return response;
      });
    },
  };
}
