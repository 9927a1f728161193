import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from '../server/security-headers.js';
import type { ErrorAnswer } from './error-answer.js';

/** Sends through Fastify, so that its hooks see the response. */
export function sendReply(reply: FastifyReply, { status, headers, body }: ErrorAnswer): void {
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
export function sendRaw(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const type = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...type }).end(body);
}
