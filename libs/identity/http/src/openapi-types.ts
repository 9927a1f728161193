import { KEY_NOTE_RULES, SCOPE_RULES } from '@feather-identity/core';
import { EXAMPLE } from './openapi-examples.js';

const NULL = { type: 'null' };

/** OpenAPI 3.1 has no `nullable`: null is a type of its own. */
export const nullableString = { anyOf: [{ type: 'string' }, NULL] };

/** A UUID or null. */
export const nullableUuid = { anyOf: [{ type: 'string', format: 'uuid' }, NULL] };

/** A number of days, from one, or null. */
export const nullableDays = (maximum: number) => ({ anyOf: [{ type: 'integer', minimum: 1, maximum }, NULL] });

/** A date-time or null. */
export const nullableDateTime = { anyOf: [{ type: 'string', format: 'date-time' }, NULL] };

const { scopePattern, permissionPattern, maxLength, maxCount } = SCOPE_RULES;

/** The scopes that a key can be given. */
export const grantableScopes = {
  type: 'array' as const,
  items: { type: 'string', maxLength, pattern: scopePattern },
  maxItems: maxCount,
  examples: [EXAMPLE.scopes],
};

/** The scopes that a request can require of a key. */
export const requirableScopes = {
  type: 'array' as const,
  items: { type: 'string', maxLength, pattern: permissionPattern },
  maxItems: maxCount,
  examples: [EXAMPLE.permissions],
};

const PERMISSION = permissionPattern.slice(1, -1);

/** The same as a query parameter, each value of which may name several, separated by commas. */
export const requirableScopeLists = {
  type: 'array' as const,
  items: { type: 'string', pattern: `^${PERMISSION}(?:,${PERMISSION})*$` },
  maxItems: maxCount,
  examples: [EXAMPLE.permissions],
};

/** The description of a key, or null. */
export const nullableDescription = {
  anyOf: [{ type: 'string', maxLength: KEY_NOTE_RULES.maxDescriptionLength }, NULL],
};

/** A label of a key. */
export const label = {
  type: 'string' as const,
  maxLength: KEY_NOTE_RULES.maxLabelLength,
  pattern: KEY_NOTE_RULES.labelPattern,
};

/** The labels of a key. */
export const labelList = {
  type: 'array' as const,
  items: label,
  maxItems: KEY_NOTE_RULES.maxLabels,
  examples: [EXAMPLE.labels],
};

/** A JSON object or null. */
export const nullableObject = { anyOf: [{ type: 'object', additionalProperties: true }, NULL] };
