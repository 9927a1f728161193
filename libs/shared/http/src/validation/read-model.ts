import { validate } from 'class-validator';
import { RequestValidationError, type ValidationErrorDetail } from '../errors/request-validation-error.js';
import type { JsonValue } from '../json/json-value.js';
import { isMapped } from './constraint-rules.js';
import { extraFaults, noteIgnored } from './extra-fields.js';
import { isExtraIgnored } from './ignore-extra.decorator.js';
import { type DtoClass, isChecked, modelOf } from './model.js';
import { readField } from './read-field.js';

/** Where the values of a DTO come from, as the first part of FastAPI's `loc`. */
export type Source = 'body' | 'path' | 'query';

type Details = Map<string, ValidationErrorDetail[]>;

/**
 * Builds the DTO from the given values. Throws RequestValidationError with every fault, as Pydantic orders them: fields in
 * order of declaration, then what is no field of it, unless the class ignores that.
 */
export async function readModel(dto: DtoClass, values: Map<string, JsonValue>, source: Source): Promise<object> {
  const { fields, isMixed } = modelOf(dto);
  const instance = new dto();
  const details: Details = new Map();
  for (const field of fields) {
    const loc = [source, field.name];
    const value = values.get(field.name);
    if (value !== undefined) details.set(field.name, readField(field, value, loc, instance));
    else if (isChecked(field, undefined, instance)) {
      // FastAPI echoes the object that lacks the field, but has no such object outside a body.
      const input = source === 'body' ? values : null;
      details.set(field.name, [{ type: 'missing', loc, msg: 'Field required', input }]);
    }
  }
  if (isMixed) await addForeignIssues(instance, values, source, details);
  const all = fields.flatMap(({ name }) => details.get(name) ?? []);
  const names = new Set(fields.map(({ name }) => name));
  const extra = [...values.keys()].filter((name) => !names.has(name));
  if (!isExtraIgnored(dto)) all.push(...extraFaults(extra, values, source));
  if (all.length > 0) throw new RequestValidationError(all);
  noteIgnored(instance, extra);
  return instance;
}

/** Constraints without a counterpart in Pydantic are what a custom validator is there: `value_error`. */
async function addForeignIssues(
  instance: object,
  values: Map<string, JsonValue>,
  source: Source,
  details: Details,
): Promise<void> {
  for (const { property, constraints = {} } of await validate(instance, { validationError: { target: false } })) {
    const message = Object.entries(constraints).find(([name]) => !isMapped({ name }))?.[1];
    if (message === undefined || details.get(property)?.length !== 0) continue;
    const input = values.get(property) ?? null;
    // Pydantic puts the exception into ctx, and FastAPI encodes an exception as an empty object.
    const rest = { msg: `Value error, ${message}`, input, ctx: { error: {} } };
    details.set(property, [{ type: 'value_error', loc: [source, property], ...rest }]);
  }
}
