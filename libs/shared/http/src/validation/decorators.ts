import { ValidateIf } from 'class-validator';

/** The field may be left out: an omitted field keeps the default of its declaration. `null` is still checked. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** The field may be `null`, which is then its value. Whether it may be left out is another matter. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== null);
}

const optionalBodies = new WeakSet<object>();

/** A body of this class may be missing or `null`: its fields then have their defaults. */
export function OptionalBody(): ClassDecorator {
  return (dto) => {
    optionalBodies.add(dto);
  };
}

/** Whether the class was marked so. */
export function isOptionalBody(dto: object): boolean {
  return optionalBodies.has(dto);
}

const secretBodies = new WeakSet<object>();

/** A body of this class holds a secret: a 422 says what is wrong with it and where, and repeats nothing of it. */
export function SecretBody(): ClassDecorator {
  return (dto) => {
    secretBodies.add(dto);
  };
}

/** Whether the class was marked so. */
export function isSecretBody(dto: object): boolean {
  return secretBodies.has(dto);
}
