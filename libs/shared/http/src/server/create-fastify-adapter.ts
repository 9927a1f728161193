import type { RequestListener } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyServerOptions, LogController } from 'fastify';
import { clientErrorAnswer } from './client-error.js';
import { Connection } from './connection.js';
import { createHttpServer } from './create-http-server.js';
import { meetExpectations } from './expectations.js';
import { answerFrameworkError } from './framework-error.js';
import { MAX_HEADER_BYTES } from './limits.js';
import { parseQueryString } from './query-string.js';
import { refuseMalformedRequests } from './request-syntax.js';
import { canonicalTarget } from './request-target.js';
import { RouteTable } from './route-table.js';
import { ShutdownGate } from './shutdown-gate.js';
import { refuseUnroutedRequests } from './unrouted-requests.js';

/** What an application may choose; everything else is fixed so that every answer keeps its shape. */
export interface FastifyAdapterOptions {
  readonly genReqId?: NonNullable<FastifyServerOptions['genReqId']>;
  /** Addresses and networks of proxies whose X-Forwarded-* headers count; none without it. */
  readonly trustProxy?: string[];
}

const ONE_MEBIBYTE = 1_048_576;

/**
 * The Fastify adapter of an application that calls configureHttp(app): strict routing, limits on time and size, and
 * an ErrorResponse for everything Node or Fastify would answer in words of their own.
 */
export function createFastifyAdapter(options: FastifyAdapterOptions = {}): FastifyAdapter {
  const routes = new RouteTable();
  const adapter = new ClosingAdapter({
    ...options,
    serverFactory: (serve: RequestListener) => createHttpServer(serve),
    bodyLimit: ONE_MEBIBYTE,
    // Request lines hold the URL, and a URL may hold what a client wrongly put there.
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    rewriteUrl: ({ url = '/' }) => canonicalTarget(url),
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: MAX_HEADER_BYTES,
      querystringParser: parseQueryString,
    },
    frameworkErrors: answerFrameworkError,
    // As an Error: Fastify's own type describes the packet as JSON, not as the Buffer that it is.
    clientErrorHandler: (error: Error, socket) => {
      Connection.of(socket).refuse(clientErrorAnswer(error, routes));
    },
  });
  const instance = adapter.getInstance();
  routes.watch(instance);
  adapter.gate.install(instance);
  refuseMalformedRequests(instance);
  refuseUnroutedRequests(instance, routes);
  meetExpectations(instance);
  return adapter;
}

class ClosingAdapter extends FastifyAdapter {
  readonly gate = new ShutdownGate();

  // Nest calls this before its shutdown hooks, that is while databases are still open.
  override beforeClose(): void {
    this.gate.close();
    super.beforeClose();
  }
}
