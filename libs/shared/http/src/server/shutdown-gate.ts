import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { standardError } from '../errors/standard-errors.js';

const RETRY_AFTER_SECONDS = 1;

/** Lets requests through until it is closed; those that come later on open connections get 503 and are told to leave. */
export class ShutdownGate {
  private closed = false;

  close(): void {
    this.closed = true;
  }

  install(instance: FastifyInstance): void {
    instance.addHook('onRequest', (_request, _reply, done) => {
      if (!this.closed) {
        done();
        return;
      }
      const headers = { Connection: 'close' };
      done(new ApiError({ status: 503, ...standardError(503), headers, retryAfter: RETRY_AFTER_SECONDS }));
    });
    // A connection kept alive after an answer that came during the shutdown would hold the process until its timeout.
    instance.addHook('onSend', (_request, reply, payload, done) => {
      if (this.closed) reply.header('Connection', 'close');
      done(null, payload);
    });
  }
}
