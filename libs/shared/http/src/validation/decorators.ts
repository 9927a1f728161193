import { Allow, ValidateIf } from 'class-validator';

/**
 * The field may be left out, and then keeps the default of its declaration. `null` is still checked.
 * class-validator's `@IsOptional()` allows both.
 *
 * @example
 * ```ts
 * class KeyRequest {
 *   @IsString()
 *   name!: string;
 *
 *   @Optional()
 *   @IsArray()
 *   @IsString({ each: true })
 *   scopes: string[] = [];
 *
 *   @Optional()
 *   @Nullable()
 *   @IsDate()
 *   expires_at: Date | null = null;
 * }
 * ```
 */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** The field may be `null`, and then has that value. It must not be left out, unless it is `@Optional()` too. */
export function Nullable(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== null);
}

const nested = new WeakMap<object, Map<string, new () => object>>();

/**
 * The field is an object of this class, whose fields have decorators of their own. Constraints without a counterpart in
 * Pydantic are not checked in it.
 *
 * @example
 * ```ts
 * class KeyRequest {
 *   @Optional()
 *   @Nullable()
 *   @Nested(RateLimitFields)
 *   rate_limit?: RateLimitFields | null;
 * }
 * ```
 */
export function Nested(dto: new () => object): PropertyDecorator {
  return (prototype, name) => {
    // So that class-validator knows the field.
    Allow()(prototype, String(name));
    nested.set(prototype, new Map(nested.get(prototype)).set(String(name), dto));
  };
}

/** The class of a `@Nested()` field. */
export function nestedIn(dto: new () => object, name: string): (new () => object) | undefined {
  const prototype: unknown = dto.prototype;
  return nested.get(prototype as object)?.get(name);
}

const optionalBodies = new WeakSet<object>();

/**
 * A body of this class may be missing or `null`. Its fields then have their defaults. A class without fields refuses every
 * other body but an empty object.
 */
export function OptionalBody(): ClassDecorator {
  return (dto) => {
    optionalBodies.add(dto);
  };
}

/** Whether the class has `@OptionalBody()`. */
export function isOptionalBody(dto: object): boolean {
  return optionalBodies.has(dto);
}

const secretBodies = new WeakSet<object>();

/** A body of this class holds a secret. A 422 says what is wrong with it and where, and repeats nothing of it. */
export function SecretBody(): ClassDecorator {
  return (dto) => {
    secretBodies.add(dto);
  };
}

/** Whether the class has `@SecretBody()`. */
export function isSecretBody(dto: object): boolean {
  return secretBodies.has(dto);
}
