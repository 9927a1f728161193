import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';

/** JSON is UTF-8, and its media type has no `charset` parameter (RFC 8259 sections 8.1 and 11). FastAPI writes none. */
export const JSON_TYPE = 'application/json';

/** What Fastify and Express make of it. */
const WITH_CHARSET = 'application/json; charset=utf-8';

/** What is used of Fastify's reply. Its own type would make applications on Express compile Fastify. */
interface Typed {
  getHeader(name: string): unknown;
  header(name: string, value: string): unknown;
}

/** Removes the charset that Fastify adds to JSON. A hook of `onSend`. */
export function dropCharset(
  _request: unknown,
  reply: Typed,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (reply.getHeader('content-type') === WITH_CHARSET) reply.header('content-type', JSON_TYPE);
  done(null, payload);
}

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
