import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { standardAnswer } from '../errors/error-answer.js';
import { UNHOOKED_ANSWER } from './create-http-server.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Answers what Fastify's router refuses before any hook or filter runs: a request target that is no path. */
export function answerFrameworkError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = standardAnswer(error.statusCode ?? 400);
  // Closed, since nobody looked at where this request ends.
  const headers = { ...SECURITY_HEADERS, Connection: 'close' };
  void reply.status(status).headers(headers).type('application/json; charset=utf-8').send(body);
  reply.server.server.emit(UNHOOKED_ANSWER, status);
}
