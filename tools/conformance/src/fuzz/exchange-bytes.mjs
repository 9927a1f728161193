import { connect } from 'node:net';
import tls from 'node:tls';

// A server may wait for the rest of a damaged request; there is nothing more to learn from it then.
const SILENCE_MS = 400;

// In the middle of an answer: a busy service may pause between two parts of a list.
const PAUSE_MS = 10_000;

/**
 * Sends bytes as they are. Resolves with the answers that came until the server closed or fell silent; null says that
 * the connection was refused.
 */
export function exchangeBytes(base, bytes) {
  return new Promise((resolve) => {
    const port = Number(base.port || (base.protocol === 'https:' ? 443 : 80));
    const host = base.hostname.replace(/^\[|\]$/g, '');
    const socket = base.protocol === 'https:' ? tls.connect({ port, host, servername: host }) : connect({ port, host });
    const chunks = [];
    let refused = false;
    socket.setTimeout(SILENCE_MS);
    socket.on('timeout', () => {
      const pauses = socket.timeout === SILENCE_MS && readAnswers(Buffer.concat(chunks)).pauses === true;
      if (pauses) socket.setTimeout(PAUSE_MS);
      else socket.destroy();
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      socket.setTimeout(SILENCE_MS);
    });
    socket.on('error', ({ code }) => (refused = code === 'ECONNREFUSED'));
    socket.on('close', () => resolve(refused ? null : readAnswers(Buffer.concat(chunks))));
    socket.write(bytes);
  });
}

/**
 * Takes what a server sent apart; `complete` is false where an answer ends too early or bytes are left over. `pauses` is
 * true where the body of the last answer has begun and not ended.
 */
function readAnswers(bytes) {
  const answers = [];
  let rest = bytes;
  let pauses = false;
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.subarray(0, Math.max(0, end)).toString('latin1');
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
    if (status === undefined) return { answers, complete: false };
    const headers = readHeaders(head);
    const { body, length, isWhole } = readBody(Number(status), headers, rest.subarray(end + 4));
    rest = rest.subarray(end + 4 + length);
    pauses = !isWhole && body.length > 0;
    if (!status.startsWith('1')) answers.push(answer(Number(status), headers, body));
  }
  return { answers, complete: true, pauses };
}

function readHeaders(head) {
  const lines = head.split('\r\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}

/** The body, and how many bytes it took. The answer to HEAD announces one that does not follow. */
function readBody(status, headers, rest) {
  if (status < 200 || status === 204 || rest.subarray(0, 5).equals(Buffer.from('HTTP/'))) return cut(rest, 0);
  if (headers['transfer-encoding'] !== 'chunked') return cut(rest, Number(headers['content-length'] ?? rest.length));
  const chunks = [];
  let at = 0;
  for (;;) {
    const line = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.subarray(at, Math.max(at, line)).toString('latin1'), 16);
    const isWhole = size === 0;
    if (!(size > 0)) return { body: Buffer.concat(chunks), length: line < 0 ? rest.length : line + 4, isWhole };
    chunks.push(rest.subarray(line + 2, line + 2 + size));
    at = line + 4 + size;
  }
}

const cut = (bytes, length) => ({ body: bytes.subarray(0, length), length, isWhole: bytes.length >= length });

function answer(status, headers, bytes) {
  const text = bytes.toString('utf8');
  try {
    return { status, headers, text, body: JSON.parse(text) };
  } catch {
    return { status, headers, text, body: undefined };
  }
}
