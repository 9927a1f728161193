import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { methodNotAllowed } from './client-error.js';
import { Connection } from './connection.js';
import { MAX_HEADER_BYTES, TIMEOUTS, WRITE_LIMITS, type WriteLimits } from './limits.js';

/** Event of the HTTP server: an answer, of this status, that no hook of Fastify sees. */
export const UNHOOKED_ANSWER = 'unhookedAnswer';

/**
 * From version 26 on, Node reads the body of a request that offers another protocol, and drops the bytes that follow it in
 * the same packet. Such a request is served as it is, and its connection closed, so that the client knows.
 */
const NODE_READS_BODY = Number.parseInt(process.versions.node, 10) >= 26;

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

function openConnections(server: Server, serve: RequestListener): ReadonlyMap<Socket, Connection> {
  const connections = new Map<Socket, Connection>();
  const service = {
    serve,
    answered: (status: number) => void server.emit(UNHOOKED_ANSWER, status),
    reopen: (socket: Socket) => void server.emit('connection', socket),
  };
  server.on('connection', (socket: Socket) => {
    if (connections.has(socket)) return;
    connections.set(socket, new Connection(socket, service));
    socket.once('close', () => connections.delete(socket));
  });
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    if (NODE_READS_BODY && request.headers.upgrade !== undefined && hasBody(request)) response.shouldKeepAlive = false;
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
  server.on('upgrade', (request: IncomingMessage, socket: Socket, following: Buffer) => {
    Connection.of(socket).ignoreUpgrade(request, following);
  });
  if (NODE_READS_BODY)
    Object.assign(server, { shouldUpgradeCallback: (request: IncomingMessage) => !hasBody(request) });
  return connections;
}

function watch(
  server: Server,
  connections: ReadonlyMap<Socket, Connection>,
  { stalledMs, unsentBytes }: WriteLimits,
): void {
  server.once('listening', () => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (const connection of connections.values()) connection.watchUnsent(stalledMs, now);
      endUnread([...connections.values()], unsentBytes);
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

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
