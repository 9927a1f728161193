import { connect } from 'node:net';
import type { Host } from './host.js';

export const KEYS = '/v1/identity/api-keys';
export const WHOAMI = '/v1/identity/whoami';

/** E401 of the security cases: the one body of every refused authentication. */
export const E401 = {
  error: 'authentication_required',
  message: 'No valid API key was provided. Pass your key in the x-api-key header.',
};

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly body: unknown;
}

/** What goes with a request besides its method and path. */
export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is a string, else as JSON. */
  readonly body?: unknown;
}

/** Sends one request over a socket. */
export async function send(host: Pick<Host, 'port'>, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const { key, headers = {}, body } = sent;
  const response = await fetch(`http://127.0.0.1:${host.port}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** Sends bytes as they are; resolves with all that came back until the server closed. */
export function sendRaw({ port }: Pick<Host, 'port'>, bytes: string | Buffer, patienceMs = 5000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no end within ${patienceMs} ms after: ${answer}`)));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
    socket.write(bytes);
  });
}

/** `GET whoami` with these header lines, as bytes of a connection that ends with its answer. */
export function rawWhoAmI(...headerLines: string[]): string {
  return [`GET ${WHOAMI} HTTP/1.1`, 'Host: a', 'Connection: close', ...headerLines, '', ''].join('\r\n');
}
