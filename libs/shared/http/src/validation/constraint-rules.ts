import { readDateTime } from './date-time-rule.js';
import type { Rule } from './validation-issue.js';
import { maxItems, minItems, readList } from './list-rules.js';
import { readObject } from './object-rules.js';
import { maximum, minimum, readBoolean, readInteger, readNumber } from './number-rules.js';
import { matches, maxLength, minLength, oneOf, readString } from './text-rules.js';
import { readUuid } from './uuid-rule.js';

type RuleMaker = (constraints: readonly unknown[]) => Rule[];

/** The rules of Pydantic v2 for each class-validator constraint that names a type. */
const TYPES: ReadonlyMap<string, RuleMaker> = new Map<string, RuleMaker>([
  ['isString', () => [readString]],
  ['isInt', () => [readInteger]],
  ['isNumber', () => [readNumber]],
  ['isBoolean', () => [readBoolean]],
  ['isDate', () => [readDateTime]],
  ['isUuid', ([version]) => [readUuid(Number(version) || undefined)]],
  ['isArray', () => [readList]],
  ['isObject', () => [readObject]],
  ['isIn', ([allowed]) => [oneOf('literal_error', allowed as unknown[])]],
  ['isEnum', ([entity]) => [oneOf('enum', Object.values(entity as object))]],
]);

/** The rules of Pydantic v2 for each class-validator constraint that narrows a type. */
const BOUNDS: ReadonlyMap<string, RuleMaker> = new Map<string, RuleMaker>([
  ['minLength', ([limit]) => [minLength(Number(limit))]],
  ['maxLength', ([limit]) => [maxLength(Number(limit))]],
  ['isLength', ([min, max]) => [minLength(Number(min)), ...(max === undefined ? [] : [maxLength(Number(max))])]],
  ['matches', ([pattern]) => [matches(pattern as RegExp)]],
  ['min', ([limit]) => [minimum(Number(limit))]],
  ['max', ([limit]) => [maximum(Number(limit))]],
  ['arrayMinSize', ([limit]) => [minItems(Number(limit))]],
  ['arrayMaxSize', ([limit]) => [maxItems(Number(limit))]],
]);

/** A constraint of class-validator: its stable name and its arguments. */
export interface NamedConstraint {
  readonly name?: string | undefined;
  readonly constraints?: readonly unknown[] | undefined;
}

/** Whether the constraint has a counterpart in Pydantic v2. class-validator checks the others. */
export function isMapped({ name = '' }: NamedConstraint): boolean {
  return TYPES.has(name) || BOUNDS.has(name);
}

/** The rules of the given constraints in the order Pydantic v2 runs them: types before bounds. */
export function rulesOf(constraints: readonly NamedConstraint[]): Rule[] {
  return [TYPES, BOUNDS].flatMap((table) =>
    constraints.flatMap(({ name = '', constraints: values = [] }) => table.get(name)?.(values) ?? []),
  );
}
