import { IdentityError, type NewApiKey } from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import { toApiKeySecretRow } from './mappers/api-key-secret.mapper.js';
import { toSqliteInstant } from './sqlite-instant.js';
import { translateUniqueViolation } from './storage-error.js';

/** Columns with their types on PostgreSQL, which does not infer those of a selected parameter. */
const API_KEY_COLUMNS = {
  id: 'uuid',
  organization_id: 'uuid',
  member_id: 'uuid',
  name: 'text',
  key_prefix: 'text',
  scopes: 'text',
  unrestricted: 'boolean',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
  revoked_at: 'timestamptz',
  last_used_at: 'timestamptz',
};
const SECRET_COLUMNS = {
  id: 'uuid',
  api_key_id: 'uuid',
  key_prefix: 'text',
  bcrypt_hash: 'text',
  proof: 'text',
  created_at: 'timestamptz',
  valid_until: 'timestamptz',
};

const INTO_API_KEYS = `INSERT INTO api_keys (${Object.keys(API_KEY_COLUMNS).join(', ')})`;
const INTO_SECRETS = `INSERT INTO api_key_secrets (${Object.keys(SECRET_COLUMNS).join(', ')})`;
const UNREVOKED = 'SELECT 1 FROM api_keys WHERE revoked_at IS NULL AND id =';

const marks = (columns: object) => Object.keys(columns).fill('?').join(', ');
const ON_SQLITE = {
  apiKey: `${INTO_API_KEYS} SELECT ${marks(API_KEY_COLUMNS)} WHERE ? IS NULL OR EXISTS (${UNREVOKED} ?) RETURNING id`,
  secret: `${INTO_SECRETS} VALUES (${marks(SECRET_COLUMNS)})`,
};

const parameters = (columns: object, from: number) =>
  Object.values(columns)
    .map((type, index) => `$${from + index}::${type}`)
    .join(', ');
const SECRET_FROM = Object.keys(API_KEY_COLUMNS).length + 1;
const ISSUER_AT = SECRET_FROM + Object.keys(SECRET_COLUMNS).length;
const insertOnPostgres = (issuer: string) =>
  `WITH issuer AS (${issuer}), ` +
  `created AS (${INTO_API_KEYS} SELECT ${parameters(API_KEY_COLUMNS, 1)} FROM issuer RETURNING id) ` +
  `${INTO_SECRETS} SELECT ${parameters(SECRET_COLUMNS, SECRET_FROM)} FROM created RETURNING id`;
const ON_POSTGRES = {
  byKey: insertOnPostgres(`${UNREVOKED} $${ISSUER_AT}::uuid FOR SHARE`),
  byOperator: insertOnPostgres('SELECT 1'),
};

/**
 * Adds a key and its secret, unless the key that issued it is revoked. Past the ORM, which takes ten times as long for two
 * rows, and by inserts alone: a collision is never an overwrite. Two statements on SQLite, to be run in a transaction; one
 * on PostgreSQL, where the issuer's row stays locked until it is committed, so that a revocation either shows in it or is
 * answered after it. Throws as `ApiKeyRepository.insert`.
 */
export async function insertApiKey(manager: EntityManager, created: NewApiKey, issuedBy?: string): Promise<void> {
  const insert = manager.dataSource.options.type === 'postgres' ? insertedOnPostgres : insertedOnSqlite;
  try {
    const rows = await insert(manager, created, issuedBy);
    if (rows.length === 0) throw new IdentityError('authentication.required', 'The issuing key is revoked.');
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

async function insertedOnSqlite(manager: EntityManager, created: NewApiKey, issuedBy?: string): Promise<unknown[]> {
  const issuer = issuedBy ?? null;
  const toValue = (value: unknown) => (value instanceof Date ? toSqliteInstant(value) : value);
  const values = [...apiKeyValues(created), issuer, issuer].map(toValue);
  const rows = await manager.query<unknown[]>(ON_SQLITE.apiKey, values);
  if (rows.length > 0) await manager.query(ON_SQLITE.secret, secretValues(created).map(toValue));
  return rows;
}

function insertedOnPostgres(manager: EntityManager, created: NewApiKey, issuedBy?: string): Promise<unknown[]> {
  const values = [...apiKeyValues(created), ...secretValues(created)];
  return issuedBy === undefined
    ? manager.query(ON_POSTGRES.byOperator, values)
    : manager.query(ON_POSTGRES.byKey, [...values, issuedBy]);
}

function apiKeyValues({ apiKey }: NewApiKey): unknown[] {
  const row = toApiKeyRow(apiKey);
  const { id, organizationId, memberId, name, keyPrefix, scopes } = row;
  const { unrestricted, createdAt, expiresAt, revokedAt, lastUsedAt } = row;
  const instants = [createdAt, expiresAt, revokedAt, lastUsedAt];
  return [id, organizationId, memberId, name, keyPrefix, scopes, unrestricted, ...instants];
}

function secretValues({ secret }: NewApiKey): unknown[] {
  const { id, apiKeyId, keyPrefix, bcryptHash, proof, createdAt, validUntil } = toApiKeySecretRow(secret);
  return [id, apiKeyId, keyPrefix, bcryptHash, proof, createdAt, validUntil];
}
