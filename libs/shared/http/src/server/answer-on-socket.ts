import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorAnswer } from '../errors/error-answer.js';
import { SECURITY_HEADERS } from './security-headers.js';

// How long a closing socket may go on sending before it is cut off: closing on unread bytes would reset the
// connection, and the client might lose the answer.
const LINGER_MILLISECONDS = 500;

/** Writes an answer straight to a socket that carries no request, then closes it; false if nothing can be written. */
export function answerOnSocket(socket: Socket, { status, headers, body }: ErrorAnswer): boolean {
  if (!socket.writable) {
    socket.destroy();
    return false;
  }
  const all = {
    ...SECURITY_HEADERS,
    ...headers,
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Date: new Date().toUTCString(),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  ignoreInput(socket);
  socket.once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  return true;
}

/** Reads on from a socket, but for nobody. */
export function ignoreInput(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
}
