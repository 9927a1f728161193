import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { standardAnswer } from '../errors/error-answer.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Answers what Fastify's router refuses before any hook or filter runs: a request target that is no path. */
export function answerFrameworkError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = standardAnswer(error.statusCode ?? 400);
  void reply.status(status).headers(SECURITY_HEADERS).type('application/json; charset=utf-8').send(body);
}
