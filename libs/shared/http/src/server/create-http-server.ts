import { createServer, type RequestListener, type Server } from 'node:http';
import { Connections } from './connections.js';
import { INACTIVITY_BEYOND_IDLE, KEEP_ALIVE_SECONDS, MAX_HEADER_BYTES, TIMEOUTS, WRITE_LIMITS } from './limits.js';
import { attachToServer } from './pipeline.js';

/** Node's HTTP server with limits on time and size, and with all requests going through their Connection. */
export function createHttpServer(
  serve: RequestListener,
  { keepAliveSeconds = KEEP_ALIVE_SECONDS, writeLimits = WRITE_LIMITS } = {},
): Server {
  const keepAliveTimeout = keepAliveSeconds * 1000;
  const server = createServer({
    headersTimeout: TIMEOUTS.headers,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout,
    connectionsCheckingInterval: TIMEOUTS.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node's refusal has no body; refuseMalformed answers instead.
    requireHostHeader: false,
  });
  // It counts idle time, too.
  server.setTimeout(keepAliveTimeout + INACTIVITY_BEYOND_IDLE);
  // Node would silently drop headers beyond its default, a second key or Host too. Their size is limited anyway.
  server.maxHeadersCount = 0;
  const connections = new Connections(server, serve);
  attachToServer(server, connections);
  connections.watchUnsent(writeLimits);
  return server;
}
