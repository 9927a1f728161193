import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { standardAnswer } from '../errors/error-answer.js';
import { Connection } from './connection.js';
import { LAST_HEAD_MILLISECONDS, TIMEOUTS, type WriteLimits } from './limits.js';
import { clientErrorAnswer, UNHOOKED_ANSWER } from './native-errors.js';

/**
 * From version 26 on, Node reads the body of a request that offers another protocol, and drops the bytes that follow it in
 * the same packet. Such a request is served as it is, and its connection closed, so that the client knows.
 */
const NODE_READS_BODY = Number.parseInt(process.versions.node, 10) >= 26;

/** The open connections of a server. */
export class Connections {
  readonly #connections = new Map<Socket, Connection>();

  constructor(
    private readonly server: Server,
    private readonly serve: RequestListener,
  ) {
    const closeIdle = server.closeIdleConnections.bind(server);
    server.closeIdleConnections = () => {
      closeIdle();
      // Node leaves those out that have sent nothing so far, or a part of a request, and times none of them out any more.
      setTimeout(() => this.endUnused(), LAST_HEAD_MILLISECONDS).unref();
    };
    if (!NODE_READS_BODY) return;
    const shouldUpgradeCallback = (request: IncomingMessage): boolean => this.hasOtherProtocol() || !hasBody(request);
    Object.assign(server, { shouldUpgradeCallback });
  }

  readonly accept = (socket: Socket): void => {
    // Comes again for a socket that is reopened.
    if (this.#connections.has(socket)) return;
    this.#connections.set(
      socket,
      new Connection(socket, {
        serve: this.serve,
        inactivityMs: this.server.timeout,
        answered: (status) => void this.server.emit(UNHOOKED_ANSWER, status),
        reopen: () => void this.server.emit('connection', socket),
      }),
    );
    socket.once('close', () => this.#connections.delete(socket));
  };

  readonly serveInTurn: RequestListener = (request, response) => {
    if (NODE_READS_BODY && request.headers.upgrade !== undefined && hasBody(request)) response.shouldKeepAlive = false;
    Connection.of(request.socket).begin(request, response);
  };

  readonly ignoreUpgrade = (request: IncomingMessage, socket: Socket, following: Buffer): void => {
    if (!this.hasOtherProtocol()) Connection.of(socket).ignoreUpgrade(request, following);
  };

  readonly refuseTunnel = (_request: IncomingMessage, socket: Socket): void => {
    // Node lets go of the sockets that it hands over, and an error that nobody hears would end the process.
    socket.on('error', () => socket.destroy());
    // No resource has methods for a tunnel.
    Connection.of(socket).refuse({ ...standardAnswer(405), headers: { Allow: '' } });
  };

  /** Whether the application has a listener of its own, as WebSocket gateways do. It then decides about every offer. */
  private hasOtherProtocol(): boolean {
    return this.server.listenerCount('upgrade') > 1;
  }

  /** Ends the connections on which no request is served or waits. A WebSocket is one of them: its gateway closes it. */
  private endUnused(): void {
    if (this.hasOtherProtocol()) return;
    for (const connection of this.#connections.values()) connection.endUnused();
  }

  /** Looks for clients that do not read their answers, as soon as the server listens. */
  watchUnsent({ stalledMs, unsentBytes }: WriteLimits): void {
    this.server.once('listening', () => {
      const timer = setInterval(() => {
        const now = performance.now();
        for (const connection of this.#connections.values()) connection.watchUnsent(stalledMs, now);
        endUnread([...this.#connections.values()], unsentBytes);
      }, TIMEOUTS.check).unref();
      this.server.once('close', () => clearInterval(timer));
    });
  }
}

/** Answers what Node's parser or timers refuse. */
export function refuseInput(error: Error, socket: Socket): void {
  Connection.of(socket).refuse(clientErrorAnswer(error));
}

/** Ends connections until few enough bytes wait, beginning with the client that has read nothing for the longest time. */
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
