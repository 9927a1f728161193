import { RequestValidationError, RequestValidationPipe } from '../src/index.js';
import { RawBody } from '../src/server/index.js';

const pipe = new RequestValidationPipe();

/** Puts a JSON body through the pipe. */
export async function read(json: string, metatype: new () => object): Promise<unknown> {
  const body = new RawBody(Buffer.from(json), 'application/json');
  return pipe.transform(body, { type: 'body', metatype });
}

/** The details a request was refused with; whatever else was thrown, or undefined if nothing was. */
export async function details(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof RequestValidationError ? error.detail : error;
}
