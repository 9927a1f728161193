import type { NewApiKey } from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import { toApiKeySecretRow } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { translateUniqueViolation } from './storage-error.js';

/**
 * Adds a key and its secret to the running transaction. `insert`, never `save`: that would turn a collision into an
 * overwrite. Throws `api_key.conflict`.
 */
export async function insertApiKey(manager: EntityManager, { apiKey, secret }: NewApiKey): Promise<void> {
  try {
    await manager.insert(ApiKeyRow, toApiKeyRow(apiKey));
    await manager.insert(ApiKeySecretRow, toApiKeySecretRow(secret));
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}
