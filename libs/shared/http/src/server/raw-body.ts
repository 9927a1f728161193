import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A request body as it came: the bytes, and the content type as the client wrote it. */
export class RawBody {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string | undefined,
  ) {}
}

/**
 * Makes every body of every content type a RawBody. Parsing is the business of whoever declares a body, so a route
 * without one never fails on what it was sent.
 */
export function keepBodiesRaw(instance: FastifyInstance): void {
  const contentTypes = new WeakMap<FastifyRequest, string>();
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    done(null, new RawBody(bytes, contentTypes.get(request)));
  });
  // Fastify answers 415 to a content type it cannot read, so it does not see any.
  instance.addHook('preParsing', (request, _reply, payload, done) => {
    const contentType = request.headers['content-type'];
    if (contentType !== undefined) contentTypes.set(request, contentType);
    delete request.headers['content-type'];
    done(null, payload);
  });
  instance.addHook('preValidation', (request, _reply, done) => {
    const contentType = contentTypes.get(request);
    if (contentType !== undefined) request.headers['content-type'] = contentType;
    done();
  });
}
