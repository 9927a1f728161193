import { isIP } from 'node:net';

/** `1.2.3.4:5`, `[2001:db8::1]:5` and the like, as some proxies write the client's address. */
const WITH_PORT = /^"?(?:\[([^\]]*)\]|([^:"]*))(?::\d+)?"?$/;

/** Each request asks two or three times for the same address. */
let last: { readonly written: string; readonly plain: string | undefined } = { written: '', plain: undefined };

/**
 * The IP address alone in what a proxy wrote about its client, without port, brackets and quotes.
 *
 * @returns undefined if it is no IP address
 */
export function plainAddress(written: string): string | undefined {
  if (written !== last.written) last = { written, plain: readAddress(written) };
  return last.plain;
}

function readAddress(written: string): string | undefined {
  if (isIP(written) !== 0) return written;
  const [, bracketed, other] = WITH_PORT.exec(written) ?? [];
  const address = bracketed ?? other ?? '';
  return isIP(address) === 0 ? undefined : address;
}
