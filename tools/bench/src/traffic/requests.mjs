import { FIRST_UNKNOWN, forgedSecret, tokenAt, wrongChecksum } from '../keys.mjs';

/** A GET as bytes, with a key or without. */
export function requestBytes(path, key) {
  const header = key === null ? '' : `x-api-key: ${key}\r\n`;
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n`);
}

/** A request with a method, and with a body if there is one, as bytes. */
export function changeBytes(method, path, key, body) {
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = body === undefined ? '' : 'content-type: application/json\r\n';
  const length = `content-length: ${Buffer.byteLength(content)}\r\n`;
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: ${key}\r\n${headers}${length}\r\n${content}`,
  );
}

/** The key of the n-th request, by kind of traffic; `first` moves on so that no key of a kind comes twice. */
const KEYS = {
  none: () => null,
  same: (_n, { key }) => key,
  cold: (n, { stride, offset }) => tokenAt(n * stride + offset),
  unknown: (n) => tokenAt(FIRST_UNKNOWN + n),
  forged: (n, { key }) => forgedSecret(key, n),
  checksum: (n) => wrongChecksum(tokenAt(n)),
};

/** The next request of a kind of traffic at each call. Kinds with one key only share one piece of bytes. */
export function requestSource(path, traffic) {
  const keyOf = KEYS[traffic.kind];
  if (traffic.kind === 'none' || traffic.kind === 'same') {
    const bytes = requestBytes(path, keyOf(0, traffic));
    return () => bytes;
  }
  let next = traffic.first;
  return () => requestBytes(path, keyOf(next++, traffic));
}
