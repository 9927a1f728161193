import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { errorAnswer } from './error-answer.js';
import { nameOf, stacksOf } from './fault-text.js';
import { sendRaw, sendReply } from './send-answer.js';

/**
 * Answers everything thrown while a request is served: ErrorResponse, or HTTPValidationError for a 422. Subclass it
 * to translate errors of your own into ApiError first. Faults of the server are logged once, without the request.
 */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ApiErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const answer = errorAnswer(exception);
    if (answer.fault !== undefined) this.log(answer.status, answer.fault);
    // Nest middleware hands over Node's response, everything else Fastify's reply.
    const response = host.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    if ('raw' in response) sendReply(response, answer);
    else sendRaw(response, answer);
  }

  private log(status: number, fault: unknown): void {
    this.logger.error(`Answered ${status}: ${nameOf(fault)}`, stacksOf(fault));
  }
}
