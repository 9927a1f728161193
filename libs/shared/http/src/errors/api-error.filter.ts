import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { errorAnswer } from './error-answer.js';
import { nameOf, stacksOf } from './fault-text.js';
import { sendRaw, sendReply } from './send-answer.js';

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
    if (answer.fault !== undefined && this.isWithinBudget(answer.status)) this.log(answer.status, answer.fault);
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

  private log(status: number, fault: unknown): void {
    this.logger.error(`Answered ${status}: ${nameOf(fault)}`, stacksOf(fault));
  }
}
