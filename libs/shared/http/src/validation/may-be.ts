import { ValidateIf } from 'class-validator';

/** The field may be left out: an omitted field keeps the default of its declaration. `null` is still checked. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** The field may be `null`, which is then its value. Whether it may be left out is another matter. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== null);
}
