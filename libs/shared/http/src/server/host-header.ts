import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { standardError } from '../errors/standard-errors.js';

/** Answers 400 to HTTP/1.1 requests with no Host or more than one, and closes (RFC 9112 section 3.2). */
export function refuseDoubtfulHosts(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ raw }, _reply, done) => {
    const hosts = raw.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
    if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) {
      done();
      return;
    }
    done(new ApiError({ status: 400, ...standardError(400), headers: { Connection: 'close' } }));
  });
}
