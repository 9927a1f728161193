import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { fromPlain, type JsonValue } from '../json/json-value.js';
import { RequestValidationError } from '../errors/request-validation-error.js';
import { RawBody } from '../server/raw-body.js';
import { isOptionalBody, isSecretBody } from './decorators.js';
import { type Parameters, toValues } from './extra-fields.js';
import { type DtoClass, type Field, modelOf } from './model.js';
import { readBody } from './read-body.js';
import { readModel } from './read-model.js';

/**
 * Turns `@Body()`, `@Param()` and `@Query()` arguments whose type is a class with class-validator decorators into
 * instances of it, or throws RequestValidationError as FastAPI with Pydantic v2 would, for fields that the class does not
 * have too (`extra="forbid"`) unless it says `@IgnoreExtra()`. Other arguments pass unchanged.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    if (metatype === undefined || data !== undefined || type === 'custom') return value;
    const dto = metatype as DtoClass;
    const { fields } = modelOf(dto);
    if (fields.length === 0) return value;
    if (type === 'body') return readBodyModel(dto, jsonOf(value));
    const parameters = readParameters(fields, toValues(value as Parameters));
    if (type === 'query') return readModel(dto, parameters, 'query');
    // The route itself says which parameters its path has: a class need not take all of them.
    const declared = [...parameters].filter(([name]) => fields.some((field) => field.name === name));
    return readModel(dto, new Map(declared), 'path');
  }
}

/**
 * The same for one argument, which is to be declared as `Readonly<Dto>`: then its class is not in Nest's metadata, and no
 * global pipe of an application makes something else of it before.
 */
export class RequestPipe implements PipeTransform {
  readonly #pipe = new RequestValidationPipe();

  constructor(private readonly dto: DtoClass) {}

  transform(value: unknown, { type }: ArgumentMetadata): Promise<unknown> {
    return this.#pipe.transform(value, { type, metatype: this.dto, data: undefined });
  }
}

async function readBodyModel(dto: DtoClass, body: RawBody | JsonValue): Promise<object> {
  try {
    return await readModel(dto, readBody(body, isOptionalBody(dto)), 'body');
  } catch (error) {
    throw error instanceof RequestValidationError && isSecretBody(dto) ? error.withoutInputs() : error;
  }
}

/** The bytes that `configureHttp` leaves, or what the application's own parser has made of them. */
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
