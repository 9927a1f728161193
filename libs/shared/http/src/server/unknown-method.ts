import { METHODS } from 'node:http';
import { MAX_HEADER_BYTES } from './limits.js';

/** An error of Node's HTTP parser with the packet that it refused, and how far it got. */
export interface ParserError extends Error {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** RFC 9112 section 3: a token, a target and the version. */
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e]+) HTTP\/1\.[01]\r\n/;

/** The target of a request that Node's parser refused only because it does not know the method. */
export function targetOfUnknownMethod({ rawPacket, bytesParsed = Infinity }: ParserError): string | undefined {
  const [line, method = '', target] = REQUEST_LINE.exec(rawPacket?.toString('latin1', 0, MAX_HEADER_BYTES) ?? '') ?? [];
  // A fault behind this line is that of another request, or of a body.
  return line !== undefined && bytesParsed < line.length && !METHODS.includes(method) ? target : undefined;
}
