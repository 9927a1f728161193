import type { ApiKeySecret } from '@feather-identity/core';
import type { ApiKeySecretRow } from '../rows/api-key-secret.row.js';

/** The entity of a row. */
export function toApiKeySecret(row: Omit<ApiKeySecretRow, 'apiKey'>): ApiKeySecret {
  return {
    id: row.id,
    apiKeyId: row.apiKeyId,
    keyPrefix: row.keyPrefix,
    createdAt: row.createdAt,
    validUntil: row.validUntil,
    lastUsedAt: row.lastUsedAt,
    bcryptHash: row.bcryptHash,
    proof: row.proof,
  };
}

/** The row of an entity. */
export function toApiKeySecretRow(secret: ApiKeySecret): Omit<ApiKeySecretRow, 'apiKey'> {
  return {
    id: secret.id,
    apiKeyId: secret.apiKeyId,
    keyPrefix: secret.keyPrefix,
    createdAt: secret.createdAt,
    validUntil: secret.validUntil,
    lastUsedAt: secret.lastUsedAt,
    bcryptHash: secret.bcryptHash,
    proof: secret.proof,
  };
}
