import type { ValidationErrorDetail } from '../errors/request-validation-error.js';
import { type JsonValue, toPlain } from '../json/json-value.js';
import { ValidationIssue, MAX_DETAILS, type Rule } from './fault.js';
import { type Field, isChecked } from './model.js';

type Location = readonly (string | number)[];

/** Reads one field of a DTO into it: no details if all is well, else one for the field or one for each bad item. */
export function readField(field: Field, input: JsonValue, loc: Location, dto: object): ValidationErrorDetail[] {
  if (field.conditions.length > 0) {
    const plain = toPlain(input);
    if (!isChecked(field, plain, dto)) {
      assign(dto, field.name, plain);
      return [];
    }
  }
  const value = apply(field.rules, input);
  if (value instanceof ValidationIssue) return [toDetail(value, loc, input)];
  if (!Array.isArray(value)) {
    assign(dto, field.name, finished(value));
    return [];
  }
  return readItems(field, value as JsonValue[], loc, dto);
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

/** Rules hand on JSON values or finished ones (Date); the DTO gets plain data only. */
function finished(value: unknown): unknown {
  return value instanceof Date ? value : toPlain(value as JsonValue);
}

function assign(dto: object, name: string, value: unknown): void {
  Object.defineProperty(dto, name, { value, writable: true, enumerable: true, configurable: true });
}

function toDetail({ type, msg, ctx }: ValidationIssue, loc: Location, input: JsonValue): ValidationErrorDetail {
  return { type, loc, msg, input, ...(ctx === undefined ? {} : { ctx }) };
}
