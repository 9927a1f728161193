import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { standardAnswer } from '../errors/error-answer.js';
import { methodNotAllowed } from './client-error.js';
import { Connection } from './connection.js';
import { MAX_HEADER_BYTES, TIMEOUTS } from './limits.js';

/** Event of the HTTP server: an answer, of this status, that no hook of Fastify sees. */
export const UNHOOKED_ANSWER = 'unhookedAnswer';

/** Node's HTTP server with limits on time and size, and with all requests going through their Connection. */
export function createHttpServer(serve: RequestListener): Server {
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
  endOverdueRests(server, openConnections(server, serve));
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

function endOverdueRests(server: Server, connections: ReadonlySet<Connection>): void {
  server.once('listening', () => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (const connection of connections) connection.endOverdueRest(standardAnswer(408), now);
    }, TIMEOUTS.check).unref();
    server.once('close', () => clearInterval(timer));
  });
}
