import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { fromPlain, type JsonValue } from '../json/json-value.js';
import { RequestValidationError } from '../errors/request-validation-error.js';
import { RawBody } from '../server/raw-body.js';
import { isOptionalBody, isSecretBody } from './decorators.js';
import { isExtraIgnored, type Parameters, toValues } from './extra-fields.js';
import { type DtoClass, type Field, modelOf } from './model.js';
import { readBody } from './read-body.js';
import { readModel } from './read-model.js';

/**
 * Validates requests as FastAPI with Pydantic v2 does. A `@Body()`, `@Param()` or `@Query()` argument whose type is a class
 * with class-validator decorators becomes an instance of that class. Other arguments pass unchanged. Fields that the class
 * does not have are refused (`extra="forbid"`), unless it has `@IgnoreExtra()`. `configureHttp` installs it for every
 * handler.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  /**
   * @param value - What Nest has for the argument.
   * @param metadata - The argument's class and where its value comes from.
   * @returns The DTO, or `value` itself if the argument has no such class.
   * @throws RequestValidationError (422) with every issue that was found.
   * @throws ApiError 400 `bad_request` for a body that cannot be read as text.
   */
  async transform(value: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    if (metatype === undefined || data !== undefined || type === 'custom') return value;
    const dto = metatype as DtoClass;
    const { fields } = modelOf(dto);
    if (fields.length === 0 && !isOptionalBody(dto)) return value;
    if (type === 'body') return readBodyModel(dto, jsonOf(value));
    const parameters = readParameters(fields, toValues(value as Parameters));
    if (type === 'query') return readModel(dto, parameters, 'query');
    // The route itself says which parameters its path has: a class need not take all of them.
    const declared = [...parameters].filter(([name]) => fields.some((field) => field.name === name));
    return readModel(dto, new Map(declared), 'path');
  }
}

/**
 * Validates one argument, in any application. Declare the argument as `Readonly<Dto>`: its class is then missing from
 * Nest's metadata, so that no global pipe of the application converts it first.
 *
 * @example
 * ```ts
 * create(@Body(new RequestPipe(KeyRequest)) body: Readonly<KeyRequest>): Promise<Key>
 * ```
 */
export class RequestPipe implements PipeTransform {
  readonly #pipe = new RequestValidationPipe();

  /** @param dto - A class with class-validator decorators. */
  constructor(private readonly dto: DtoClass) {}

  /** Like `RequestValidationPipe.transform`, for this class. */
  transform(value: unknown, { type }: ArgumentMetadata): Promise<unknown> {
    return this.#pipe.transform(value, { type, metatype: this.dto, data: undefined });
  }
}

async function readBodyModel(dto: DtoClass, body: RawBody | JsonValue): Promise<object> {
  try {
    return await readModel(dto, readBody(body, isOptionalBody(dto), !isExtraIgnored(dto)), 'body');
  } catch (error) {
    throw error instanceof RequestValidationError && isSecretBody(dto) ? error.withoutInputs() : error;
  }
}

/** The bytes, or what a parser of the application has made of them. */
function jsonOf(body: unknown): RawBody | JsonValue {
  return body instanceof RawBody ? body : fromPlain(body);
}

/** Of a repeated parameter the last value counts, unless the field is a list of them. */
function readParameters(fields: readonly Field[], values: Map<string, JsonValue>): Map<string, JsonValue> {
  for (const { name, isList } of fields) {
    const value = values.get(name);
    if (value === undefined) continue;
    const given = Array.isArray(value) ? value : [value];
    const last = given.at(-1);
    if (last === undefined) values.delete(name);
    else values.set(name, isList ? given : last);
  }
  return values;
}
