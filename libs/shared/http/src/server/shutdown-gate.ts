import type { onRequestHookHandler, onSendHookHandler } from 'fastify';
import { standardApiError } from '../errors/api-error.js';

const RETRY_AFTER_SECONDS = 1;

/**
 * Lets requests through until it is closed. Those that come later on open connections get 503. From `endConnections` on,
 * each answer is the last one of its connection.
 */
export class ShutdownGate {
  private isEnding = false;
  private isClosed = false;
  private held: Promise<void> | undefined;

  endConnections(): void {
    this.isEnding = true;
  }

  /** Lets no request through before this resolves. */
  hold(until: Promise<void>): void {
    this.held = until;
  }

  close(): void {
    this.isEnding = true;
    this.isClosed = true;
  }

  readonly holdOrRefuse: onRequestHookHandler = (_request, _reply, done) => {
    if (this.isClosed) {
      done(standardApiError(503, { headers: { Connection: 'close' }, retryAfter: RETRY_AFTER_SECONDS }));
    } else if (this.held === undefined) {
      done();
    } else {
      void this.held.then(() => done());
    }
  };

  /** A connection that stayed open after an answer during the shutdown would hold the process until its timeout. */
  readonly endConnection: onSendHookHandler = (_request, reply, payload, done) => {
    if (this.isEnding) reply.header('Connection', 'close');
    done(null, payload);
  };
}
