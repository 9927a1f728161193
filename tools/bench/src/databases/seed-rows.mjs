import bcrypt from 'bcrypt';
import { BOUNDED_INDEX, idAt, keyIdAt, prefixOf, REVOKED_INDEX, secretOf, tokenAt } from '../keys.mjs';
import { proofOf } from '../ours.mjs';

const COST = 10;
const CREATED = Date.UTC(2026, 0, 1);

/** A hash that looks like one of bcrypt and belongs to no secret: while the pepper is known nothing looks at it. */
const FILLER_HASH = `$2b$10$${'abcdefghijklmnopqrstuv'}${'ABCDEFGHIJKLMNOPQRSTUVWXYZabcde'}`;

export const ORGANIZATION_ID = idAt('aaaa', 1);
export const MEMBER_ID = idAt('bbbb', 1);

/** The organization and its owner, by table. */
export const FOUNDATION = {
  organizations: { id: ORGANIZATION_ID, name: 'Bench', created_at: instant(0), disabled_at: null },
  members: {
    id: MEMBER_ID,
    organization_id: ORGANIZATION_ID,
    external_id: 'owner',
    email: null,
    display_name: 'Owner',
    role: 'org:admin',
    created_at: instant(0),
  },
};

export const KEY_COLUMNS = [
  'id',
  'organization_id',
  'member_id',
  'name',
  'key_prefix',
  'scopes',
  'unrestricted',
  'created_at',
  'revoked_at',
  'place',
  'rate_limit_requests',
  'rate_limit_seconds',
  'quota_requests',
  'quota_period',
  'allowed_networks',
];
export const SECRET_COLUMNS = ['id', 'api_key_id', 'key_prefix', 'hash', 'proof', 'created_at'];

/** What bounds a key, and what does not. */
const BOUNDS = [100_000, 1, 1_000_000_000, 'month', '["10.0.0.0/8","127.0.0.0/8","192.168.0.0/16"]'];
const NO_BOUNDS = BOUNDS.map(() => null);

/**
 * The rows of the key at `index`. Odd ones keep a proof alone, as `hmac-sha256` installations do, unless all are
 * `hashed`, in earnest and at 50 ms each.
 */
export function rowsAt(index, hashed) {
  const token = tokenAt(index);
  const prefix = prefixOf(token);
  const keyId = keyIdAt(index);
  const revoked = index === REVOKED_INDEX ? instant(index) : null;
  const filler = index % 2 === 0 ? FILLER_HASH : null;
  const hash = hashed ? bcrypt.hashSync(secretOf(token), COST) : filler;
  const bounds = index === BOUNDED_INDEX ? BOUNDS : NO_BOUNDS;
  return {
    key: [
      keyId,
      ORGANIZATION_ID,
      MEMBER_ID,
      `Key ${index}`,
      prefix,
      '[]',
      1,
      instant(index),
      revoked,
      index,
      ...bounds,
    ],
    secret: [idAt('dddd', index), keyId, prefix, hash, proofOf(token), instant(index)],
  };
}

/** As TypeORM writes instants to SQLite; PostgreSQL reads the same text. */
function instant(index) {
  return new Date(CREATED + index).toISOString().replace('T', ' ').replace('Z', '');
}
