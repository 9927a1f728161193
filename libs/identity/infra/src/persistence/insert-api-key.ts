import { IdentityError, type NewApiKey } from '@feather-identity/core';
import { type EntityManager, IsNull } from 'typeorm';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import { toApiKeySecretRow } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { isUniqueViolation } from './storage-error.js';

/**
 * Adds a key and its secret to the running transaction. `insert`, never `save`: that would turn a collision into an
 * overwrite. Throws `api_key.conflict`.
 */
export async function insertApiKey(manager: EntityManager, { apiKey, secret }: NewApiKey): Promise<void> {
  try {
    await manager.insert(ApiKeyRow, toApiKeyRow(apiKey));
    await manager.insert(ApiKeySecretRow, toApiKeySecretRow(secret));
  } catch (error) {
    if (isUniqueViolation(error)) throw new IdentityError('api_key.conflict', 'The API key exists already.');
    throw error;
  }
}

/**
 * Throws `authentication.required` when the key is revoked. On PostgreSQL its row is locked until the transaction ends,
 * so that a revocation either shows here or is answered after it; on SQLite there is one writer anyway.
 */
export async function demandUnrevoked(manager: EntityManager, apiKeyId: string): Promise<void> {
  const query = manager
    .createQueryBuilder(ApiKeyRow, 'apiKey')
    .select('1')
    .where({ id: apiKeyId, revokedAt: IsNull() });
  if (manager.dataSource.options.type === 'postgres') query.setLock('pessimistic_read');
  if ((await query.getRawOne()) === undefined) {
    throw new IdentityError('authentication.required', 'The issuing key is revoked.');
  }
}
