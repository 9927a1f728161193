import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { standardError } from '../errors/standard-errors.js';

/** Node's own pattern, by which it takes a request for one that waits for 100. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * Tells a client to send its body when it is about to be read, which is after all onRequest hooks have let the request
 * pass; any other expectation is 417 (RFC 9110 section 10.1.1).
 */
export function meetExpectations(instance: FastifyInstance): void {
  instance.addHook('preParsing', (request, reply, payload, done) => {
    const { headers, httpVersion } = request.raw;
    if (headers.expect === undefined || httpVersion === '1.0') {
      done(null, payload);
    } else if (CONTINUE.test(headers.expect)) {
      if (!isTooLarge(request)) reply.raw.writeContinue();
      done(null, payload);
    } else {
      done(new ApiError({ status: 417, ...standardError(417), headers: { Connection: 'close' } }));
    }
  });
}

/** Fastify answers 413 at once then. */
function isTooLarge({ headers, routeOptions: { bodyLimit } }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) > bodyLimit;
}
