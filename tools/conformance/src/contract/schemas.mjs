const text = (value) => typeof value === 'string';
const flag = (value) => typeof value === 'boolean';
const integer = Number.isInteger;
const orNull = (fits) => (value) => value === null || fits(value);
const uuid = (value) => text(value) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
const instant = (value) => text(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
const texts = (value) => Array.isArray(value) && value.every(text);

/** A key as it is listed: a test for each required field. */
export const API_KEY = {
  id: uuid,
  name: text,
  key_prefix: text,
  scopes: texts,
  is_active: flag,
  last_used_at: orNull(instant),
  expires_at: orNull(instant),
  created_at: instant,
};

/** A key as its creation answers. */
export const CREATED_API_KEY = { ...API_KEY, plain_text_key: (value) => text(value) && value !== '' };

/** What whoami tells. */
export const CALLER = {
  user_id: uuid,
  clerk_user_id: text,
  role: text,
  organization_id: uuid,
  organization_name: text,
  kb_clearance_level: integer,
  kb_acl_enabled: flag,
};

/** The fields that are missing or of another type. Fields beyond the schema are additions, which clients ignore. */
export function misfits(schema, value) {
  return Object.keys(schema).filter((field) => !schema[field](value?.[field]));
}
