import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { standardAnswer } from '../errors/error-answer.js';
import { methodNotAllowed } from './client-error.js';
import { Connection } from './connection.js';
import { MAX_HEADER_BYTES, TIMEOUTS, WRITE_LIMITS, type WriteLimits } from './limits.js';

/** Event of the HTTP server: an answer, of this status, that no hook of Fastify sees. */
export const UNHOOKED_ANSWER = 'unhookedAnswer';

/** Node's HTTP server with limits on time and size, and with all requests going through their Connection. */
export function createHttpServer(serve: RequestListener, writeLimits = WRITE_LIMITS): Server {
  const server = createServer({
    headersTimeout: TIMEOUTS.headers,
    requestTimeout: TIMEOUTS.request,
    keepAliveTimeout: TIMEOUTS.keepAlive,
    connectionsCheckingInterval: TIMEOUTS.check,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node's refusal has no body; refuseMalformedRequests answers instead.
    requireHostHeader: false,
  });
  server.setTimeout(TIMEOUTS.inactivity);
  // Node would drop what is beyond without a word, a second key or Host too; their size is limited anyway.
  server.maxHeadersCount = 0;
  watch(server, openConnections(server, serve), writeLimits);
  return server;
}

function openConnections(server: Server, serve: RequestListener): ReadonlySet<Connection> {
  const connections = new Set<Connection>();
  const service = { serve, answered: (status: number) => void server.emit(UNHOOKED_ANSWER, status) };
  server.on('connection', (socket: Socket) => {
    const connection = new Connection(socket, service);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    Connection.of(request.socket).begin(request, response);
  };
  // What a request expects is looked at once its hooks have let it pass.
  server.on('request', begin).on('checkContinue', begin).on('checkExpectation', begin);
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node lets go of the sockets it hands over: without a listener a reset would end the process.
    socket.on('error', () => socket.destroy());
    // A tunnel is no request Fastify sees, and no resource of ours has methods for it.
    Connection.of(socket).refuse(methodNotAllowed([]));
  });
  return connections;
}

function watch(server: Server, connections: ReadonlySet<Connection>, { stalledMs, unsentBytes }: WriteLimits): void {
  server.once('listening', () => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (const connection of connections) {
        connection.endOverdueRest(standardAnswer(408), now);
        connection.watchUnsent(stalledMs, now);
      }
      endUnread([...connections], unsentBytes);
    }, TIMEOUTS.check).unref();
    server.once('close', () => clearInterval(timer));
  });
}

/** Ends connections until no more bytes wait than may; those first whose clients have read nothing for the longest time. */
function endUnread(connections: readonly Connection[], unsentBytes: number): void {
  let unsent = connections.reduce((sum, connection) => sum + connection.unsent, 0);
  if (unsent <= unsentBytes) return;
  for (const connection of connections.toSorted((a, b) => a.unreadSince - b.unreadSince)) {
    if (unsent <= unsentBytes) return;
    unsent -= connection.unsent;
    connection.endUnsent();
  }
}
