import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import type { FastifyReply, onSendHookHandler } from 'fastify';
import type { ServerResponse } from 'node:http';

/** JSON is UTF-8, and its media type has no `charset` parameter (RFC 8259 sections 8.1 and 11). FastAPI writes none. */
export const JSON_TYPE = 'application/json';

/** What Fastify and Express make of it. */
const WITH_CHARSET = 'application/json; charset=utf-8';

/** Removes the charset that Fastify adds to JSON. */
export const dropCharset: onSendHookHandler = (_request, reply, payload, done) => {
  if (reply.getHeader('content-type') === WITH_CHARSET) void reply.header('content-type', JSON_TYPE);
  done(null, payload);
};

type WriteHead = (status: number, ...rest: unknown[]) => ServerResponse;

const plainType: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    const response = context.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    const node = 'raw' in response ? response.raw : response;
    const writeHead = node.writeHead.bind(node) as WriteHead;
    // Both frameworks add the charset after the handler has returned, and call this with their last word.
    const withPlainType: WriteHead = (status, ...rest) => {
      const headers = rest.at(-1) as Record<string, unknown> | undefined;
      if (headers?.['content-type'] === WITH_CHARSET) headers['content-type'] = JSON_TYPE;
      else if (node.getHeader('content-type') === WITH_CHARSET) node.setHeader('content-type', JSON_TYPE);
      return writeHead(status, ...rest);
    };
    Object.assign(node, { writeHead: withPlainType });
    return true;
  },
};

/** Answers of this controller have `Content-Type: application/json` without a charset, also on Express and plain Fastify. */
export function PlainJsonType(): ClassDecorator {
  return UseGuards(plainType);
}
