import type { onRequestHookHandler } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { standardApiError } from '../errors/api-error.js';

/** RFC 3986 section 3.2.2 without a user: an address in brackets or a name, and perhaps a port. */
const HOST = /^(?:\[([^\]]*)\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;

/** 400, and the end of the connection, where Node's parser accepts what RFC 9112 does not. */
export const refuseMalformed: onRequestHookHandler = ({ raw }, _reply, done) => {
  if (isVersionKnown(raw) && isFramingKnown(raw) && hasValidHost(raw)) done();
  else done(standardApiError(400, { headers: { Connection: 'close' } }));
};

function isVersionKnown({ httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  return httpVersionMajor === 1 && httpVersionMinor <= 1;
}

/** Whether it is certain where the request ends (section 6.1). Chunks are the only coding, and HTTP/1.0 has none. */
function isFramingKnown({ headers, httpVersionMinor }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  return coding === undefined || (httpVersionMinor === 1 && coding.toLowerCase() === 'chunked');
}

/** HTTP/1.1 needs one Host, and no version may have two (section 3.2). */
function hasValidHost({ rawHeaders, headers: { host }, httpVersionMinor }: IncomingMessage): boolean {
  if (host === undefined) return httpVersionMinor === 0;
  const [matched, address] = HOST.exec(host) ?? [];
  if (matched === undefined || (address !== undefined && !isIPv6(address))) return false;
  let hosts = 0;
  // Node keeps only the first one.
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1;
}
