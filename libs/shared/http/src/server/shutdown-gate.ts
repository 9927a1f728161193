import type { onRequestHookHandler, onSendHookHandler } from 'fastify';
import { standardApiError } from '../errors/api-error.js';

const RETRY_AFTER_SECONDS = 1;

/** Lets requests through until it is closed. Those that come later on open connections get 503, and the connection ends. */
export class ShutdownGate {
  private isClosed = false;

  close(): void {
    this.isClosed = true;
  }

  readonly refuseWhenClosed: onRequestHookHandler = (_request, _reply, done) => {
    if (!this.isClosed) done();
    else done(standardApiError(503, { headers: { Connection: 'close' }, retryAfter: RETRY_AFTER_SECONDS }));
  };

  /** A connection that stayed open after an answer during the shutdown would hold the process until its timeout. */
  readonly endConnectionWhenClosed: onSendHookHandler = (_request, reply, payload, done) => {
    if (this.isClosed) reply.header('Connection', 'close');
    done(null, payload);
  };
}
