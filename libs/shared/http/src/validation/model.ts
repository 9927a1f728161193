import { getMetadataStorage } from 'class-validator';
import { nestedIn } from './decorators.js';
import { isMapped, rulesOf } from './constraint-rules.js';
import type { Rule } from './validation-issue.js';

type Condition = (object: object, value: unknown) => boolean;

/** One declared field of a DTO, in the order of declaration. */
export interface Field {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly itemRules: readonly Rule[];
  readonly isList: boolean;
  /** The class of an object that has fields of its own. */
  readonly nested: DtoClass | undefined;
  /** All must hold for the value to be checked (class-validator's ValidateIf and IsOptional). */
  readonly conditions: readonly Condition[];
}

/** What the decorators of a DTO class declare. `isMixed` if some constraints have no counterpart in Pydantic. */
export interface Model {
  readonly fields: readonly Field[];
  readonly isMixed: boolean;
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
/** A class that Nest hands to pipes as the type of an argument. */
export type DtoClass = new () => object;

const CONDITION = 'conditionalValidation';
const CONSTRAINT = 'customValidation';
const models = new WeakMap<DtoClass, Model>();

/** Reads the class-validator decorators of a class once; a class without any has no fields. */
export function modelOf(dto: DtoClass): Model {
  const known = models.get(dto);
  if (known !== undefined) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const byField = new Map<string, Metadata[]>();
  for (const declared of metadata) {
    byField.set(declared.propertyName, [...(byField.get(declared.propertyName) ?? []), declared]);
  }
  const model = {
    fields: [...byField].map(([name, declared]) => fieldOf(dto, name, declared)),
    isMixed: metadata.some((declared) => declared.type === CONSTRAINT && !isMapped(declared)),
  };
  models.set(dto, model);
  return model;
}

function fieldOf(dto: DtoClass, name: string, declared: readonly Metadata[]): Field {
  const whole = declared.filter(({ each }) => !each);
  return {
    name,
    rules: rulesOf(whole),
    itemRules: rulesOf(declared.filter(({ each }) => each)),
    nested: nestedIn(dto, name),
    isList: whole.some((constraint) => constraint.name === 'isArray'),
    conditions: declared.filter(({ type }) => type === CONDITION).map(({ constraints }) => constraints[0] as Condition),
  };
}

/** Whether a field with this value (undefined if omitted) is to be checked, in the object as read so far. */
export function isChecked({ name, conditions }: Field, value: unknown, object: object): boolean {
  // IsOptional looks at the object, and ValidateIf at the value. The object itself may hold the default by now.
  const probe = Object.create(object, { [name]: { value } }) as object;
  return conditions.every((condition) => condition(probe, value));
}
