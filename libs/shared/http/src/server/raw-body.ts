import type { FastifyInstance, FastifyRequest, preParsingHookHandler, preValidationHookHandler } from 'fastify';

/**
 * A request body as it came, before anything has parsed it. It is what `@Body()` without a class gets, and
 * `request.body` of a Fastify route.
 */
export class RawBody {
  /**
   * @param bytes - The body, decoded from chunks if it came in chunks, and nothing else decoded.
   * @param contentType - The `Content-Type` header as the client wrote it.
   * @param contentEncoding - The `Content-Encoding` header as the client wrote it.
   */
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string | undefined,
    readonly contentEncoding?: string,
  ) {}
}

const contentTypes = new WeakMap<FastifyRequest, string>();

/** Makes every body a RawBody, so that a route that declares no body never fails on what it was sent. */
export function keepBodiesRaw(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    done(null, new RawBody(bytes, contentTypes.get(request), request.headers['content-encoding']));
  });
}

/** Fastify answers 415 to a content type that it cannot read, so it does not see any. */
export const hideContentType: preParsingHookHandler = (request, _reply, payload, done) => {
  const contentType = request.headers['content-type'];
  if (contentType !== undefined) contentTypes.set(request, contentType);
  delete request.headers['content-type'];
  done(null, payload);
};

export const restoreContentType: preValidationHookHandler = (request, _reply, done) => {
  const contentType = contentTypes.get(request);
  if (contentType !== undefined) request.headers['content-type'] = contentType;
  done();
};
