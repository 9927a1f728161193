import { validate } from 'class-validator';
import { RequestValidationError, type ValidationErrorDetail } from '../errors/request-validation-error.js';
import { type JsonValue, toPlain } from '../json/json-value.js';
import { isMapped } from './constraint-rules.js';
import { extraIssues, isExtraIgnored, noteIgnored } from './extra-fields.js';
import { type DtoClass, type Field, isChecked, modelOf } from './model.js';
import { MAX_DETAILS, type Rule, ValidationIssue } from './validation-issue.js';

/** Where the values of a DTO come from, as the first part of FastAPI's `loc`. */
export type Source = 'body' | 'path' | 'query';

type Details = Map<string, ValidationErrorDetail[]>;
type Location = readonly (string | number)[];

/**
 * Builds the DTO from the given values. Throws RequestValidationError with every issue in Pydantic's order: fields as
 * declared, then fields that the class does not have, unless it ignores them.
 */
export async function readModel(dto: DtoClass, values: Map<string, JsonValue>, source: Source): Promise<object> {
  const { fields, isMixed } = modelOf(dto);
  const instance = new dto();
  const details = readFields(dto, values, [source], instance);
  if (isMixed) await addCustomIssues(instance, values, source, details);
  const all = fields.flatMap(({ name }) => details.get(name) ?? []);
  const extra = extraNames(dto, values);
  if (!isExtraIgnored(dto)) all.push(...extraIssues(extra, values, [source]));
  if (all.length > 0) throw new RequestValidationError(all);
  noteIgnored(instance, extra);
  return instance;
}

/** Reads the declared fields into the DTO. Returns what is wrong with each that was checked. */
function readFields(dto: DtoClass, values: Map<string, JsonValue>, at: Location, instance: object): Details {
  const details: Details = new Map();
  for (const field of modelOf(dto).fields) {
    const loc = [...at, field.name];
    const value = values.get(field.name);
    if (value !== undefined) details.set(field.name, readField(field, value, loc, instance));
    else if (isChecked(field, undefined, instance)) {
      // FastAPI echoes the object that lacks the field, but has no such object outside a body.
      const input = at[0] === 'body' ? values : null;
      details.set(field.name, [{ type: 'missing', loc, msg: 'Field required', input }]);
    }
  }
  return details;
}

function extraNames(dto: DtoClass, values: Map<string, JsonValue>): string[] {
  const names = new Set(modelOf(dto).fields.map(({ name }) => name));
  return [...values.keys()].filter((name) => !names.has(name));
}

/** Constraints without a counterpart in Pydantic are like its custom validators: `value_error`. */
async function addCustomIssues(
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

/** Reads one field into the DTO. Returns nothing if all is well, else an entry for the field, or one for each bad item. */
function readField(field: Field, input: JsonValue, loc: Location, dto: object): ValidationErrorDetail[] {
  if (field.conditions.length > 0) {
    const plain = toPlain(input);
    if (!isChecked(field, plain, dto)) {
      assign(dto, field.name, plain);
      return [];
    }
  }
  if (field.nested !== undefined) return readNested(field.name, field.nested, input, loc, dto);
  const value = apply(field.rules, input);
  if (value instanceof ValidationIssue) return [toDetail(value, loc, input)];
  if (!Array.isArray(value)) {
    assign(dto, field.name, finished(value));
    return [];
  }
  return readItems(field, value as JsonValue[], loc, dto);
}

function readNested(
  name: string,
  nested: DtoClass,
  input: JsonValue,
  loc: Location,
  dto: object,
): ValidationErrorDetail[] {
  if (!(input instanceof Map)) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    return [{ type: 'model_attributes_type', loc, msg, input }];
  }
  const instance = new nested();
  const details = [...readFields(nested, input, loc, instance).values()].flat();
  if (!isExtraIgnored(nested)) details.push(...extraIssues(extraNames(nested, input), input, loc));
  if (details.length === 0) assign(dto, name, instance);
  return details;
}

function readItems(field: Field, items: readonly JsonValue[], loc: Location, dto: object): ValidationErrorDetail[] {
  const details: ValidationErrorDetail[] = [];
  const values = items.map((item, index) => {
    const value = apply(field.itemRules, item);
    if (value instanceof ValidationIssue && details.length < MAX_DETAILS)
      details.push(toDetail(value, [...loc, index], item));
    return finished(value);
  });
  if (details.length === 0) assign(dto, field.name, values);
  return details;
}

function apply(rules: readonly Rule[], input: unknown): unknown {
  let value = input;
  for (const rule of rules) {
    value = rule(value);
    if (value instanceof ValidationIssue) break;
  }
  return value;
}

/** Rules return JSON values or finished ones (Date). The DTO gets plain data only. */
function finished(value: unknown): unknown {
  return value instanceof Date ? value : toPlain(value as JsonValue);
}

function assign(dto: object, name: string, value: unknown): void {
  Object.defineProperty(dto, name, { value, writable: true, enumerable: true, configurable: true });
}

function toDetail({ type, msg, ctx }: ValidationIssue, loc: Location, input: JsonValue): ValidationErrorDetail {
  return { type, loc, msg, input, ...(ctx === undefined ? {} : { ctx }) };
}
