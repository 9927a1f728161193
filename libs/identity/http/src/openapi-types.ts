/** OpenAPI 3.1 has no `nullable`: null is a type of its own. */
export const nullableString = { anyOf: [{ type: 'string' }, { type: 'null' }] };

/** A date-time or null. */
export const nullableDateTime = { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] };
