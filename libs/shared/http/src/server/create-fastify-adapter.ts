import type { IncomingMessage, RequestListener } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyServerOptions, LogController } from 'fastify';
import { createHttpServer } from './create-http-server.js';
import { CrossOrigin, type CrossOriginOptions } from './cross-origin.js';
import { MAX_HEADER_BYTES } from './limits.js';
import { addHooks, ROUTING } from './pipeline.js';
import { canonicalTarget } from './request-target.js';
import { RouteTable } from './route-table.js';
import { ShutdownGate } from './shutdown-gate.js';

/** What an application may choose. Everything else is fixed, so that every answer keeps its shape. */
export interface FastifyAdapterOptions {
  /** Makes the id of a request (`request.id`). Default: Fastify's own counter. */
  readonly genReqId?: NonNullable<FastifyServerOptions['genReqId']>;
  /** Addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-*` headers count. Default: none. */
  readonly trustProxy?: string[];
  /** How long a connection without requests stays open. Longer than the load balancer keeps it. Default: 65. */
  readonly keepAliveSeconds?: number;
  /** Changes the canonical target of a request before it is routed. Default: nothing is changed. */
  readonly rewriteTarget?: (request: IncomingMessage, target: string) => string;
  /** Which pages of other origins may use the API. Default: none. */
  readonly crossOrigin?: CrossOriginOptions;
}

const ONE_MEBIBYTE = 1_048_576;

/**
 * Creates the Fastify adapter of an application that calls `configureHttp(app)`: strict routing, limits on time and size,
 * and an `ErrorResponse` for everything that Node or Fastify would answer in words of their own.
 *
 * @param options - Ids of requests, trusted proxies, and pages of other origins.
 * @returns The adapter for `NestFactory.create()`.
 *
 * @example
 * ```ts
 * const app = await NestFactory.create<NestFastifyApplication>(AppModule, createFastifyAdapter(), { bodyParser: false });
 * configureHttp(app);
 * await app.listen(3000);
 * ```
 */
export function createFastifyAdapter(options: FastifyAdapterOptions = {}): FastifyAdapter {
  const { keepAliveSeconds, crossOrigin, rewriteTarget, ...ofFastify } = options;
  const adapter = new ClosingAdapter({
    ...ofFastify,
    ...ROUTING,
    ...(rewriteTarget && {
      rewriteUrl: (request: IncomingMessage) => rewriteTarget(request, canonicalTarget(request.url)),
    }),
    serverFactory: (serve: RequestListener) =>
      createHttpServer(serve, keepAliveSeconds === undefined ? {} : { keepAliveSeconds }),
    bodyLimit: ONE_MEBIBYTE,
    // Request lines hold the URL, and a URL may hold what a client wrongly put there.
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: {
      ...ROUTING.routerOptions,
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: MAX_HEADER_BYTES,
    },
  });
  const routes = new RouteTable();
  const pages = crossOrigin && new CrossOrigin(crossOrigin, routes);
  addHooks(adapter.getInstance(), adapter.gate, routes, pages);
  return adapter;
}

/** The adapter of `createFastifyAdapter()`. */
export class ClosingAdapter extends FastifyAdapter {
  readonly gate = new ShutdownGate();

  // Nest calls this before its shutdown hooks, that is while databases are still open.
  override beforeClose(): void {
    this.gate.close();
    super.beforeClose();
  }
}
