import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RequestValidationError } from '../errors/request-validation-error.js';
import type { DtoClass } from './model.js';
import { RequestValidationPipe } from './request-validation.pipe.js';

interface Parts {
  readonly params: unknown;
  readonly body: unknown;
}

const pipe = new RequestValidationPipe();

/**
 * Reads path and body as `RequestValidationPipe` does. If both are wrong, one 422 reports the issues of both, the path
 * first. A body that is no JSON is reported alone. Pipes cannot do that: each knows one argument.
 */
async function readBoth([path, body]: readonly [DtoClass, DtoClass], context: ExecutionContext): Promise<unknown[]> {
  const request = context.switchToHttp().getRequest<Parts>();
  const [ofPath, ofBody] = await Promise.allSettled([
    pipe.transform(request.params, { type: 'param', metatype: path }),
    pipe.transform(request.body, { type: 'body', metatype: body }),
  ]);
  const found: RequestValidationError[] = [];
  for (const { reason } of [ofBody, ofPath].filter((result) => result.status === 'rejected')) {
    if (!(reason instanceof RequestValidationError) || reason.detail[0]?.type === 'json_invalid') throw reason;
    found.unshift(reason);
  }
  const detail = found.flatMap((error) => error.detail);
  if (detail.length > 0) throw new RequestValidationError(detail, found.at(-1)?.headers);
  return [ofPath, ofBody].map((result) => (result as PromiseFulfilledResult<unknown>).value);
}

const pathAndBody = createParamDecorator(readBoth);

/**
 * The path and the body of a request, each an instance of its class, with the issues of both in one 422, as in FastAPI.
 *
 * @param path - The class of the path's parameters.
 * @param body - The class of the body.
 *
 * @example
 * ```ts
 * update(@PathAndBody(KeyPath, KeyUpdate) [{ key_id }, changes]: readonly [KeyPath, KeyUpdate]): Promise<Key>
 * ```
 */
export function PathAndBody(path: DtoClass, body: DtoClass): ParameterDecorator {
  return pathAndBody([path, body]);
}
