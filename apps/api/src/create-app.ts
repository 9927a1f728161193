import { VerificationMetrics } from '@feather-identity/core';
import { fileURLToPath } from 'node:url';
import {
  ApiKeyAuthentication,
  ConsoleAuthentication,
  isConsoleRequest,
  OperatorAuthentication,
  rewriteConsoleTarget,
  traceRequests,
} from '@feather-identity/http';
import { onDatabaseFault } from '@feather-identity/infra';
import { configureHttp, createFastifyAdapter } from '@feather-identity/shared-http/server';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { hasConsole, serveConsole } from './console/console.routes.js';
import { serveDocs } from './docs/docs.routes.js';
import type { Environment } from './environment/environment.js';
import { standardOutput } from './logging/log-output.js';
import { NestLogger } from './logging/nest-logger.js';
import { ProxyHeaders } from './logging/proxy-headers.js';
import { logRequests, PROBES } from './logging/request-log.js';
import type { ServiceIdentity } from './services/identity.js';
import { openRateLimitStore } from './services/rate-limit-store.js';

/** What a page of another origin may read of an answer. */
const EXPOSED_HEADERS = [
  'Link',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Ignored-Fields',
  'X-Living-Descendants',
  'X-Request-Id',
];

const NOT_BUILT =
  'CONSOLE=on, but the console is not built, so there is no page at /console. Build it: npx nx run console:build';

/** Where the build of the console is, seen from here and from the bundle. */
export const CONSOLE_FOLDER = fileURLToPath(new URL('../../console/dist/', import.meta.url));

/**
 * Creates the application, ready to listen. The caller closes it, and then the database.
 *
 * @param consoleFolder - of the build of the console. Default: that of this workspace
 */
export async function createApp(
  env: Environment,
  identity: ServiceIdentity,
  logger: Logger,
  consoleFolder = CONSOLE_FOLDER,
): Promise<NestFastifyApplication> {
  const proxies = new ProxyHeaders(env.trustedProxies);
  const rateLimitStore = await openRateLimitStore(env);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(env, identity, rateLimitStore),
    createFastifyAdapter({
      genReqId: (request) => proxies.requestId(request) ?? identity.ids.next(),
      trustProxy: [...env.trustedProxies],
      keepAliveSeconds: env.keepAliveSeconds,
      ...(env.corsOrigins.length === 0
        ? {}
        : {
            crossOrigin: {
              origins: env.corsOrigins,
              exposedHeaders: EXPOSED_HEADERS,
              ...(env.console && { excludes: isConsoleRequest }),
            },
          }),
      ...(env.console && { rewriteTarget: rewriteConsoleTarget }),
    }),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  traceRequests(app, PROBES);
  // After the last request.
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onClose', async () => rateLimitStore?.close());
  logRequests(app, logger, proxies);
  onDatabaseFault(identity.dataSource, (fault) => {
    logger.error(fault);
  });
  configureHttp(app);
  // Before the others: a page of another origin learns nothing of keys and sessions.
  if (env.console) app.get(ConsoleAuthentication).protect(app);
  app.get(ApiKeyAuthentication).protect(app);
  app.get(OperatorAuthentication).protect(app);
  serveDocs(app, env.publicUrl ?? '/', env.acceptBearer);
  if (env.console) {
    serveConsole(app, consoleFolder, pathOf(env.publicUrl));
    if (!hasConsole(consoleFolder)) logger.warn(NOT_BUILT);
  }
  if (env.metrics) {
    const { serveMetrics } = await import('./metrics/metrics.route.js');
    const { apiKeys, hashingQueue: hashing, leaseWaits } = identity;
    const metrics = app.get(VerificationMetrics);
    serveMetrics(app, { metrics, hashing, apiKeys, leaseWaits, log: standardOutput }, env.metricsByKey);
  }
  return app;
}

function pathOf(publicUrl: string | null): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
}
