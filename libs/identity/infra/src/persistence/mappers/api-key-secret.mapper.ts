import type { ApiKeySecret } from '@feather-identity/core';
import type { ApiKeySecretRow } from '../rows/api-key-secret.row.js';

/** What a secret is made from: its own columns without its look-up text, which only an import writes. */
type ApiKeySecretColumns = Omit<ApiKeySecretRow, 'lookup' | 'apiKey'>;

/** The entity of a row. */
export function toApiKeySecret(row: ApiKeySecretColumns): ApiKeySecret {
  return {
    id: row.id,
    apiKeyId: row.apiKeyId,
    keyPrefix: row.keyPrefix,
    createdAt: row.createdAt,
    validUntil: row.validUntil,
    lastUsedAt: row.lastUsedAt,
    hash: row.hash,
    proof: row.proof,
  };
}

/** The row of an entity. */
export function toApiKeySecretRow(secret: ApiKeySecret): ApiKeySecretColumns {
  return {
    id: secret.id,
    apiKeyId: secret.apiKeyId,
    keyPrefix: secret.keyPrefix,
    createdAt: secret.createdAt,
    validUntil: secret.validUntil,
    lastUsedAt: secret.lastUsedAt,
    hash: secret.hash,
    proof: secret.proof,
  };
}
