import { API_KEY, CREATED_API_KEY, misfits } from '../contract/schemas.mjs';

const API_KEYS = '/v1/identity/api-keys';
const NOBODYS_KEY = '0b6f5c1e-8d2a-4f3b-9c7e-1a2b3c4d5e6f';

/**
 * Operations that the contract does not have, called as they want to be. Only keys of the run are changed, and the
 * policy stays what a new organization has: elsewhere an organization may be in use.
 */
const CALLS = [
  // Of the contract: there must be keys to call the others on.
  ['POST', API_KEYS, '{"name":"fuzz","scopes":["a:b"]}'],
  ['GET', `${API_KEYS}?limit=2&include_revoked=true`],
  ['GET', `${API_KEYS}/KEY`],
  ['PATCH', `${API_KEYS}/KEY`, '{"name":"fuzz","scopes":["a:b","c:*"],"expires_at":"2999-01-01","is_active":false}'],
  ['POST', `${API_KEYS}/KEY/rotate`, '{"grace_period_seconds":60}'],
  ['POST', `${API_KEYS}/KEY/rotate`],
  ['POST', `${API_KEYS}/verify`, '{"key":"fuzz","scopes":["a:b"]}'],
  ['GET', '/v1/identity/authorize?scope=a:b&scope=c:d'],
  ['GET', '/v1/identity/authorize?scope[]=a:b&scopes=c:d,e:f'],
  ['GET', '/v1/identity/policy'],
  ['PATCH', '/v1/identity/policy', '{"max_lifetime_days":null,"expiry_required":false,"scopes_required":false}'],
  ['GET', '/v1/identity/audit-events?limit=5&type=api_key.created&api_key_id=KEY&cursor=fuzz'],
  ['GET', '/v1/identity/audit-events?limit=5'],
  ['GET', '/v1/identity/usage?from=2026-11-01&to=2026-11-30&granularity=day&api_key_id=KEY&by_key=true'],
  [
    'GET',
    '/v1/identity/audit-events/export?format=csv&type=api_key.created&actor=KEY&since=2026-01-01&until=2027-01-01',
  ],
];

/** One of these calls, on one of these keys if there are any. */
export function additionalCall(random, ids) {
  const [method, path, body] = random.pick(CALLS);
  const id = ids.length > 0 && !random.oneIn(10) ? random.pick(ids) : NOBODYS_KEY;
  return { method, path: path.replace('KEY', id), body: body === undefined ? null : Buffer.from(body) };
}

const present = (value) => value !== undefined;
const SHAPES = [
  { what: 'a rotated key', field: 'plain_text_key', schema: { ...CREATED_API_KEY, revoked_at: present } },
  { what: 'one key', field: 'key_prefix', schema: { ...API_KEY, revoked_at: present } },
  {
    what: 'a policy',
    field: 'expiry_required',
    schema: { max_lifetime_days: present, scopes_required: present, revoke_unused_after_days: present },
  },
  { what: 'a verdict', field: 'valid', schema: { valid: (value) => typeof value === 'boolean' } },
  {
    what: 'a page of events',
    field: 'items',
    schema: { items: Array.isArray, has_more: present, next_cursor: present },
  },
  { what: 'usage', field: 'granularity', schema: { totals: present, buckets: Array.isArray, keys: Array.isArray } },
];

/** The type of an export of the audit log. */
export const CSV = 'text/csv; charset=utf-8';

/** Why a 200 is none of an addition: null if it is one, undefined if it does not look like any. */
export function additionFault({ text, headers, body }) {
  if (text === '' && 'x-scopes' in headers) return 'x-api-key-id' in headers ? null : 'an authorization of nobody';
  if (headers['content-type'] === CSV)
    return text.startsWith('id,type,occurred_at,') ? null : 'an export without columns';
  const shape = SHAPES.find(({ field }) => present(body?.[field]));
  if (shape === undefined) return undefined;
  const fields = misfits(shape.schema, body);
  return fields.length === 0 ? null : `${shape.what} whose ${fields.join()} do not fit`;
}
