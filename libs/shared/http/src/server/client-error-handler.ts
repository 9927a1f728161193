import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sendRaw } from '../errors/send-answer.js';
import { standardAnswer } from '../errors/error-answer.js';
import { answerOnSocket, clientErrorStatus } from './client-error.js';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Keeps track of the exchange each connection is in, so that broken bytes never draw a second answer. */
export class ClientErrorHandler {
  private readonly exchanges = new WeakMap<Socket, Exchange>();

  watch(server: Server): void {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.exchanges.set(request.socket, { request, response });
    });
    server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
      sendRaw(response, { ...standardAnswer(417), headers: { Connection: 'close' } });
    });
    // A tunnel is no request Fastify sees, and Node would hang up without a word.
    server.on('connect', (_request: IncomingMessage, socket: Socket) => answerOnSocket(socket, 405));
  }

  handle(error: Error & { code?: string }, socket: Socket): void {
    const exchange = this.exchanges.get(socket);
    if (exchange === undefined || (exchange.request.complete && exchange.response.writableFinished)) {
      answerOnSocket(socket, clientErrorStatus(error.code));
    } else if (exchange.response.headersSent) {
      // Answered already, with its own body still under way or broken: nothing more to say.
      socket.destroySoon();
    } else if (exchange.request.complete) {
      // The fault lies behind a good request: that one gets its answer, and the connection ends with it.
      exchange.response.shouldKeepAlive = false;
    } else {
      answerOnSocket(socket, clientErrorStatus(error.code));
    }
  }
}
