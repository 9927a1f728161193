import { connect, type Socket } from 'node:net';

const PATIENCE_MS = 12_000;

/** An answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Opens a connection to the service at this URL. */
export function connectTo(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Sends bytes as they are (one for each character) and resolves with everything sent back until the server closed. */
export function exchangeBytes(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(url);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the server kept the connection open')));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve(received);
    });
    socket.write(bytes, 'latin1');
  });
}

/** Sends bytes and resolves with the one answer to them. Throws when there is none, or a second one. */
export async function oneAnswer(url: string, bytes: string): Promise<RawAnswer> {
  const received = await exchangeBytes(url, bytes);
  const answers = received.split(/(?=HTTP\/1\.1 \d{3} )/).filter((text) => !text.startsWith('HTTP/1.1 1'));
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) throw new Error(`${answers.length} answers: ${received}`);
  const end = answer.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = answer.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^[^:]*: */, '')]);
  return {
    status: Number(statusLine.slice(9, 12)),
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: answer.slice(end + 4),
  };
}

/** The bytes of a request that asks for the connection to be closed. */
export function written(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { Host: 'localhost', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
