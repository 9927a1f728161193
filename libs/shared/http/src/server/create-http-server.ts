import { createServer, type RequestListener, type Server } from 'node:http';
import { Connections } from './connections.js';
import { MAX_HEADER_BYTES, TIMEOUTS, WRITE_LIMITS } from './limits.js';
import { attachToServer } from './pipeline.js';

/** Node's HTTP server with limits on time and size, and with all requests going through their Connection. */
export function createHttpServer(serve: RequestListener, writeLimits = WRITE_LIMITS): Server {
  const server = createServer({
    headersTimeout: TIMEOUTS.headers,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout: TIMEOUTS.keepAlive,
    connectionsCheckingInterval: TIMEOUTS.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node's refusal has no body; refuseMalformed answers instead.
    requireHostHeader: false,
  });
  server.setTimeout(TIMEOUTS.inactivity);
  // Node would silently drop headers beyond its default, a second key or Host too. Their size is limited anyway.
  server.maxHeadersCount = 0;
  const connections = new Connections(server, serve);
  attachToServer(server, connections);
  connections.watchUnsent(writeLimits);
  return server;
}
