import type { FastifyRequest, preParsingHookHandler } from 'fastify';
import { standardApiError } from '../errors/api-error.js';

/** Node's own pattern for a request that waits for 100. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * Asks a client that waits for `100 Continue` to send its body. Any other expectation is 417 (RFC 9110 section
 * 10.1.1).
 */
export const meetExpectation: preParsingHookHandler = (request, reply, payload, done) => {
  const { headers, httpVersion } = request.raw;
  if (headers.expect === undefined || httpVersion === '1.0') {
    done(null, payload);
  } else if (CONTINUE.test(headers.expect)) {
    if (!isTooLarge(request)) reply.raw.writeContinue();
    done(null, payload);
  } else {
    done(standardApiError(417, { headers: { Connection: 'close' } }));
  }
};

/** Whether the declared length exceeds the limit. Fastify answers such a request with 413 at once. */
function isTooLarge({ headers, routeOptions: { bodyLimit } }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) > bodyLimit;
}
