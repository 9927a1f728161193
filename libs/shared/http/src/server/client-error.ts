import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { standardAnswer } from '../errors/error-answer.js';
import { SECURITY_HEADERS } from './security-headers.js';

// How long a closing socket may go on sending before it is cut off: closing on unread bytes would reset the
// connection, and the client might lose the answer.
const LINGER_MILLISECONDS = 500;

/** Writes our error body straight to a socket that carries no request, then closes it. */
export function answerOnSocket(socket: Socket, status: number): void {
  // Node lets go of the sockets it hands over: without a listener a reset would end the process.
  socket.on('error', () => socket.destroy());
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { body } = standardAnswer(status);
  const headers = {
    ...SECURITY_HEADERS,
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Date: new Date().toUTCString(),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  socket.removeAllListeners('data');
  socket.on('data', () => undefined).once('end', () => socket.destroy());
  setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
}

/** The status for what Node's HTTP parser or its timers report. */
export function clientErrorStatus(code: string | undefined): number {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW' ? 413 : 400;
}
