import { AsyncResource } from 'node:async_hooks';
import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorAnswer } from '../errors/error-answer.js';
import { JSON_TYPE } from '../json/json-type.js';
import { SECURITY_HEADERS } from './security-headers.js';

// Far more than any client sends ahead. Each holds its headers in memory until its turn comes.
const MOST_WAITING = 100;

// How long a client may go on sending after its last answer. Closing on unread bytes would reset the connection, and the
// client might lose the answer.
const LINGER_MILLISECONDS = 500;

const CONNECTION = Symbol('connection');

interface Service {
  readonly serve: RequestListener;
  /** How long the connection may be silent, in milliseconds. */
  readonly inactivityMs: number;
  /** Gets the status of each answer that is written straight to a socket. */
  readonly answered: (status: number) => void;
  /** Parses requests from a socket that Node has let go of. */
  readonly reopen: () => void;
}

/**
 * A connection to the server. Its requests are served one after the other (RFC 9112 section 9.3.2), and malformed input
 * never gets a second answer.
 */
export class Connection {
  private sent = 0;
  /** When the client last read something of what waits for it, as far as `watchUnsent` has seen. */
  unreadSince = Infinity;
  /** The response to the request that came last, served or waiting. */
  private latest: ServerResponse | undefined;
  private waiting = 0;
  private refusal: ErrorAnswer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly service: Service,
  ) {
    Object.assign(socket, { [CONNECTION]: this });
  }

  /** The connection of a socket. */
  static of(socket: Socket): Connection {
    return (socket as Socket & { [CONNECTION]: Connection })[CONNECTION];
  }

  /** Serves a request when all earlier ones are answered. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    const earlier = this.latest;
    if (earlier === undefined || earlier.closed) {
      this.latest = response;
      this.serve(request, response);
    } else if (this.waiting < MOST_WAITING) {
      this.latest = response;
      this.wait(earlier, request, response);
    }
  }

  /**
   * Ignores an offer of another protocol (RFC 9110 section 7.8). Node stops parsing behind the head of such a request and
   * lets go of the socket. It gets the socket back with the same request without the offer, and with the bytes behind it,
   * when all earlier requests are answered.
   */
  ignoreUpgrade(request: IncomingMessage, following: Buffer): void {
    const { latest, socket } = this;
    const end = (): void => void socket.destroy();
    const resume = (): void => {
      // The error of an answer to a client that is gone may be still to come.
      if (!socket.writable) return;
      socket.off('error', end).off('timeout', end);
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), following]));
      this.service.reopen();
    };
    // Node does not listen meanwhile, and an error that nobody hears would end the process.
    socket.on('error', end).on('timeout', end);
    if (latest === undefined || latest.closed) resume();
    else latest.once('close', resume);
  }

  /** Answers malformed input and closes, unless the client would take that for the answer to another request. */
  refuse(answer: ErrorAnswer): void {
    const { latest, socket } = this;
    if (latest === undefined || isOver(latest)) {
      this.answer(answer);
    } else if (latest.headersSent) {
      // The request is answered, and its body is still under way or broken. There is nothing more to say.
      socket.destroySoon();
    } else if (latest.req.complete || this.waiting > 0) {
      // Bad bytes behind a good request: that one gets its answer, and the connection ends with it. Bad bytes in the body
      // of a waiting request: it is refused in its turn.
      latest.shouldKeepAlive = false;
      this.refusal = answer;
    } else {
      this.answer(answer);
    }
  }

  /** Bytes of an answer that the client has not read yet. */
  get unsent(): number {
    return this.socket.writableLength;
  }

  /**
   * Makes Node end the connection when the client reads nothing of an answer for `stalledMs` milliseconds. Node's timer
   * sees each byte that is sent. Call it often.
   */
  watchUnsent(stalledMs: number, now: number): void {
    const { socket, unsent } = this;
    const sent = socket.bytesWritten - unsent;
    if (unsent === 0) this.unreadSince = Infinity;
    else if (sent !== this.sent || this.unreadSince === Infinity) this.unreadSince = now;
    this.sent = sent;
    const { timeout = 0 } = socket;
    // A handler may have set a shorter time.
    if (unsent > 0 && (timeout === 0 || timeout > stalledMs)) socket.setTimeout(stalledMs);
    else if (unsent === 0 && timeout === stalledMs) socket.setTimeout(this.service.inactivityMs);
  }

  /** Ends the connection if bytes of an answer are unread. */
  endUnsent(): void {
    if (this.unsent > 0) this.socket.destroy();
  }

  /** Ends the connection if no request is served or waits. */
  endUnused(): void {
    if (this.latest === undefined || this.latest.closed) this.socket.destroy();
  }

  private wait(earlier: ServerResponse, request: IncomingMessage, response: ServerResponse): void {
    this.waiting += 1;
    // The end of another request begins it, and yet it is no part of that one, as a trace would show.
    const serve = AsyncResource.bind(() => {
      this.waiting -= 1;
      this.serve(request, response);
    });
    earlier.once('close', serve);
    if (this.waiting < MOST_WAITING) return;
    response.shouldKeepAlive = false;
    discardInput(this.socket);
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    // The client is gone, or an earlier answer has ended the connection.
    if (!this.socket.writable) return;
    if (this.refusal !== undefined && !request.complete) this.answer(this.refusal);
    else this.service.serve(request, response);
  }

  private answer(answer: ErrorAnswer): void {
    if (answerOnSocket(this.socket, answer)) this.service.answered(answer.status);
  }
}

function isOver(response: ServerResponse): boolean {
  return response.req.complete && response.closed;
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}:${rawHeaders[index + 1]}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Writes an answer straight to a socket on which no other is under way, and closes it. False if nothing can be written. */
function answerOnSocket(socket: Socket, { status, headers, body }: ErrorAnswer): boolean {
  if (!socket.writable) {
    socket.destroy();
    return false;
  }
  const all = {
    ...SECURITY_HEADERS,
    ...headers,
    Connection: 'close',
    'Content-Type': JSON_TYPE,
    'Content-Length': Buffer.byteLength(body),
    Date: new Date().toUTCString(),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  discardInput(socket);
  socket.once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  return true;
}

/** Reads what still comes, and discards it. */
function discardInput(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
}
