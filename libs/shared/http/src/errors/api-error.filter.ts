import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from '../server/security-headers.js';
import { type ErrorAnswer, errorAnswer } from './error-answer.js';
import { nameOf, stacksOf } from './error-text.js';

/** Answers with 503 come in floods, in which the first lines tell why. */
const OUTAGE_LINES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/**
 * Answers everything thrown while a request is served: ErrorResponse, or HTTPValidationError for a 422. Subclass it
 * to translate errors of your own into ApiError first. Faults of the server are logged once, without the request; those
 * that are answered with 503 at most 10 times a minute.
 */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ApiErrorFilter.name);
  #minute = 0;
  #outageLines = 0;

  catch(exception: unknown, host: ArgumentsHost): void {
    const answer = errorAnswer(exception);
    if (answer.cause !== undefined && this.isWithinBudget(answer.status)) this.log(answer.status, answer.cause);
    // Nest middleware hands over Node's response, everything else Fastify's reply.
    const response = host.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    if ('raw' in response) sendReply(response, answer);
    else sendRaw(response, answer);
  }

  private isWithinBudget(status: number): boolean {
    if (status !== 503) return true;
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (minute !== this.#minute) this.#outageLines = 0;
    this.#minute = minute;
    this.#outageLines += 1;
    return this.#outageLines <= OUTAGE_LINES_PER_MINUTE;
  }

  private log(status: number, error: unknown): void {
    this.logger.error(`Answered ${status}: ${nameOf(error)}`, stacksOf(error));
  }
}

/** Sends through Fastify, so that its hooks see the response. */
function sendReply(reply: FastifyReply, { status, headers, body }: ErrorAnswer): void {
  if (reply.sent || reply.raw.headersSent) {
    // Half a response is out: cutting it off is the only way left to say that it failed.
    if (!reply.raw.writableEnded) reply.raw.destroy();
    return;
  }
  // Fastify closes after a refused body. Read to its end (within requestTimeout) it lets the client see the answer,
  // which a reset connection would swallow. A client that waits to be told to send it never begins.
  if (status === 413 && reply.request.headers.expect === undefined) void reply.removeHeader('connection');
  void reply.status(status).headers(headers).type('application/json; charset=utf-8').send(body);
}

/** Sends on Node's own response, which no hook of Fastify sees. */
function sendRaw(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const type = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...type }).end(body);
}
