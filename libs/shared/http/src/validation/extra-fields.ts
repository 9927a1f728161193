import { RequestValidationError, type ValidationErrorDetail } from '../errors/request-validation-error.js';
import { fromPlain, type JsonValue } from '../json/json-value.js';
import { MAX_DETAILS } from './fault.js';

/** The parameters of a query as the application has parsed them: repeated ones are lists. */
export type Parameters = Readonly<Record<string, unknown>>;

const ignored = new WeakMap<object, readonly string[]>();

/** Pydantic's faults of fields that a model does not have, in the order in which they came. */
export function extraFaults(names: readonly string[], values: Map<string, JsonValue>, source: string) {
  return names.slice(0, MAX_DETAILS).map((name): ValidationErrorDetail => ({
    type: 'extra_forbidden',
    loc: [source, name],
    msg: 'Extra inputs are not permitted',
    input: values.get(name) ?? null,
  }));
}

/** Throws RequestValidationError for a query that has any parameter. */
export function refuseParameters(parameters: Parameters): void {
  const names = Object.keys(parameters);
  if (names.length === 0) return;
  throw new RequestValidationError(extraFaults(names, toValues(parameters), 'query'));
}

/** A query as JSON. */
export function toValues(parameters: Parameters): Map<string, JsonValue> {
  return new Map(Object.entries(parameters).map(([name, value]) => [name, fromPlain(value)]));
}

/** Notes which fields were left out of an object that ignores extra ones. */
export function noteIgnored(read: object, names: readonly string[]): void {
  if (names.length > 0) ignored.set(read, names);
}

/** What came with this object, read by a class with `@IgnoreExtra()`, and is no field of it. Names only. */
export function ignoredFields(read: object): readonly string[] {
  return ignored.get(read) ?? [];
}
