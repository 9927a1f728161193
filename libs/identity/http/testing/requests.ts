import { Agent, request } from 'node:http';
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
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}

/** What goes with a request besides its method and path. */
export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is a string, else as JSON. */
  readonly body?: unknown;
}

/** Not `fetch`, which takes a multiple of the CPU, and the specs send thousands of requests. */
const agent = new Agent({ keepAlive: true });

/** Sends one request over a socket. */
export function send({ port }: Pick<Host, 'port'>, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const { key, headers = {}, body } = sent;
  const bytes = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const sentHeaders = {
    ...(key === undefined ? {} : { 'x-api-key': key }),
    ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${port}${path}`;
    const outgoing = request(url, { agent, method, headers: sentHeaders }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(response.headers as Record<string, string>),
          text,
          body: text === '' || !isJson(response.headers['content-type']) ? undefined : JSON.parse(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** Also where an answer does not say what it is. */
const isJson = (type: string | undefined) => type === undefined || type.startsWith('application/json');

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
