/**
 * A JSON document that has lost nothing. Integers are `bigint`, and numbers with a fraction or exponent are `number`, as
 * Python tells `int` from `float`. Objects are `Map`s: they keep their order, and `__proto__` is a key like any other.
 */
export type JsonValue = null | boolean | string | bigint | number | JsonValue[] | Map<string, JsonValue>;

/** Converts what `JSON.parse` has returned. Digits that its numbers have lost stay lost. */
export function fromPlain(plain: unknown): JsonValue {
  if (typeof plain === 'number') return Number.isInteger(plain) ? BigInt(plain) : plain;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain === 'string' || typeof plain === 'boolean') return plain;
  if (typeof plain !== 'object' || plain === null) return null;
  return new Map(Object.entries(plain).map(([key, item]) => [key, fromPlain(item)]));
}

/** Plain JavaScript data: numbers, and objects without a prototype. */
export function toPlain(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  const plain: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of value) plain[key] = toPlain(item);
  return plain;
}
