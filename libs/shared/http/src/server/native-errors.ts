import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorAnswer, standardAnswer } from '../errors/error-answer.js';
import { JSON_TYPE } from '../json/json-type.js';
import { SECURITY_HEADERS } from './security-headers.js';

/**
 * Event of the HTTP server, with the status of an answer that no hook of Fastify sees: to malformed input, a request that
 * did not arrive in time, or a tunnel.
 */
export const UNHOOKED_ANSWER = 'unhookedAnswer';

/** The answer to what Node's HTTP parser or its timers report: malformed input, or a request that came too late. */
export function clientErrorAnswer({ code }: Error & { readonly code?: string }): ErrorAnswer {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return standardAnswer(408);
  if (code === 'HPE_HEADER_OVERFLOW') return standardAnswer(431);
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return standardAnswer(413);
  return standardAnswer(400);
}

/** Answers what Fastify's router refuses before any hook or filter runs: a request target that is not a path. */
export function answerFrameworkError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = standardAnswer(error.statusCode ?? 400);
  // Closed, since nothing has checked where this request ends.
  const headers = { ...SECURITY_HEADERS, Connection: 'close' };
  // As bytes: Fastify adds a charset to the type of text, and no hook that drops it runs here.
  void reply.status(status).headers(headers).type(JSON_TYPE).send(Buffer.from(body));
  reply.server.server.emit(UNHOOKED_ANSWER, status);
}
