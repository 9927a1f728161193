import { IdentityError, type NewApiKey } from '@feather-identity/core';
import type { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
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
  `${INTO_SECRETS} SELECT ${parameters(SECRET_COLUMNS, SECRET_FROM)} FROM created`;
const ON_POSTGRES = {
  byKey: { name: 'feather_insert_api_key', text: insertOnPostgres(`${UNREVOKED} $${ISSUER_AT}::uuid FOR SHARE`) },
  byOperator: { name: 'feather_insert_operator_key', text: insertOnPostgres('SELECT 1') },
};

/**
 * Adds a key and its secret to the running transaction on SQLite, unless the key that issued it is revoked. Past the ORM,
 * which takes ten times as long for two rows. Throws as `ApiKeyRepository.insert`.
 */
export async function insertIssuedOnSqlite(manager: EntityManager, created: NewApiKey, issuedBy?: string) {
  const issuer = issuedBy ?? null;
  const toValue = (value: unknown) => (value instanceof Date ? toSqliteInstant(value) : value);
  try {
    const values = [...apiKeyValues(created), issuer, issuer].map(toValue);
    const rows = await manager.query<unknown[]>(ON_SQLITE.apiKey, values);
    if (rows.length === 0) throw issuerRevoked();
    await manager.query(ON_SQLITE.secret, secretValues(created).map(toValue));
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

/**
 * The same on PostgreSQL, as one statement and so one round trip. The issuer's row stays locked until it is committed, so
 * that a revocation either shows in it or is answered after it.
 */
export async function insertIssuedOnPostgres(dataSource: DataSource, created: NewApiKey, issuedBy?: string) {
  const values = [...apiKeyValues(created), ...secretValues(created)];
  const query =
    issuedBy === undefined
      ? { ...ON_POSTGRES.byOperator, values }
      : { ...ON_POSTGRES.byKey, values: [...values, issuedBy] };
  dataSource.logger.logQuery(query.text, query.values);
  try {
    const { rowCount } = await ((dataSource.driver as PostgresDriver).master as Pool).query(query);
    if (rowCount === 0) throw issuerRevoked();
  } catch (error) {
    throw translateUniqueViolation(error);
  }
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

function issuerRevoked(): IdentityError {
  return new IdentityError('authentication.required', 'The issuing key is revoked.');
}
