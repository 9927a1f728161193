const NULL = { type: 'null' };

/** OpenAPI 3.1 has no `nullable`: null is a type of its own. */
export const nullableString = { anyOf: [{ type: 'string' }, NULL] };

/** A UUID or null. */
export const nullableUuid = { anyOf: [{ type: 'string', format: 'uuid' }, NULL] };

/** An integer or null. */
export const nullableInteger = { anyOf: [{ type: 'integer' }, NULL] };

/** A number of days, from one, or null. */
export const nullableDays = (maximum: number) => ({ anyOf: [{ type: 'integer', minimum: 1, maximum }, NULL] });

/** A date-time or null. */
export const nullableDateTime = { anyOf: [{ type: 'string', format: 'date-time' }, NULL] };
