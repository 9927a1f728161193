import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyServerOptions, LogController } from 'fastify';
import { answerFrameworkError } from './framework-error.js';
import { ClientErrorHandler } from './client-error-handler.js';
import { parseQueryString } from './query-string.js';
import { refuseDoubtfulHosts } from './host-header.js';
import { canonicalTarget } from './request-target.js';
import { ShutdownGate } from './shutdown-gate.js';

/** What an application may choose; everything else is fixed so that every answer keeps its shape. */
interface FastifyAdapterOptions {
  readonly genReqId?: NonNullable<FastifyServerOptions['genReqId']>;
}

const ONE_MEBIBYTE = 1_048_576;
// Node's own limit for the header section: no parameter can be longer, so Fastify's 414 is never the answer.
const MAX_HEADER_BYTES = 16_384;

/** Milliseconds. */
const TIMEOUTS = {
  headers: 8_000,
  request: 9_000,
  check: 500,
  // Longer than the idle timeout of common load balancers (60 s), which must be the ones to close first.
  keepAlive: 65_000,
  // For clients that stop reading; above keepAlive, since it counts idle time too.
  inactivity: 90_000,
} as const;

/**
 * The Fastify adapter of an application that calls configureHttp(app): strict routing, limits on time and size, and
 * an ErrorResponse for everything Node or Fastify would answer in words of their own.
 */
export function createFastifyAdapter(options: FastifyAdapterOptions = {}): FastifyAdapter {
  const clientErrors = new ClientErrorHandler();
  const adapter = new ClosingAdapter({
    ...options,
    bodyLimit: ONE_MEBIBYTE,
    // Request lines hold the URL, and a URL may hold what a client wrongly put there.
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout: TIMEOUTS.keepAlive,
    connectionTimeout: TIMEOUTS.inactivity,
    http: {
      headersTimeout: TIMEOUTS.headers,
      connectionsCheckingInterval: TIMEOUTS.check,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node's refusal has no body; refuseDoubtfulHosts answers instead.
      requireHostHeader: false,
    },
    rewriteUrl: ({ url = '/' }) => canonicalTarget(url),
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: MAX_HEADER_BYTES,
      querystringParser: parseQueryString,
    },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
  });
  const instance = adapter.getInstance();
  clientErrors.watch(instance.server);
  adapter.gate.install(instance);
  refuseDoubtfulHosts(instance);
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
