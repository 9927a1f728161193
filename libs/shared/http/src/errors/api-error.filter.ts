import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { JSON_TYPE } from '../json/json-type.js';
import { SECURITY_HEADERS } from '../server/security-headers.js';
import { type ErrorAnswer, errorAnswer } from './error-answer.js';
import { nameOf, stacksOf } from './error-text.js';

/** Answers with 503 come in floods, and the first lines say why. */
const OUTAGE_LINES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/**
 * Answers everything that is thrown while a request is served: with an `HTTPValidationError` for a 422, otherwise with an
 * `ErrorResponse`. An error that is not about the request is a 500, and logged with its stack and without the request;
 * of those that are answered with 503 each filter logs the first 10 a minute. `configureHttp` installs it.
 *
 * @example Subclass it to translate errors of your own first:
 * ```ts
 * class OrdersFilter extends ApiErrorFilter {
 *   override catch(exception: unknown, host: ArgumentsHost): void {
 *     const isSoldOut = exception instanceof SoldOutError;
 *     super.catch(isSoldOut ? new ApiError({ status: 409, error: 'sold_out', message: 'Sold out.' }) : exception, host);
 *   }
 * }
 * ```
 */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ApiErrorFilter.name);
  #minute = 0;
  #outageLines = 0;

  /**
   * Sends the answer. If a part of another one is out already, it ends the connection instead.
   *
   * @param exception - What was thrown.
   * @param host - The request, on Fastify; in Nest middleware, the response of Node.
   */
  catch(exception: unknown, host: ArgumentsHost): void {
    const answer = errorAnswer(exception);
    if (answer.cause !== undefined && this.isWithinBudget(answer.status)) this.log(answer.status, answer.cause);
    // Nest middleware has Node's response, everything else has Fastify's reply.
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
    // A part of the response is out. Only the end of the connection can still say that it failed.
    if (!reply.raw.writableEnded) reply.raw.destroy();
    return;
  }
  // Fastify closes the connection after a refused body, and a client that is still sending might lose the answer. So the
  // body is read to its end, within requestTimeout. A client that waits for 100 Continue sends none.
  if (status === 413 && reply.request.headers.expect === undefined) void reply.removeHeader('connection');
  // As bytes: Fastify adds a charset to the type of text.
  void reply.status(status).headers(headers).type(JSON_TYPE).send(Buffer.from(body));
}

/** Sends on Node's own response, which no hook of Fastify sees. */
function sendRaw(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const type = { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...type }).end(body);
}
