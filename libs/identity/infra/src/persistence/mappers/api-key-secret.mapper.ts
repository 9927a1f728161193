import type { ApiKeySecret } from '@feather-identity/core';
import type { ApiKeySecretRow } from '../rows/api-key-secret.row.js';

/** The row of an entity. */
export function toApiKeySecretRow(secret: ApiKeySecret): Omit<ApiKeySecretRow, 'apiKey'> {
  return {
    id: secret.id,
    apiKeyId: secret.apiKeyId,
    keyPrefix: secret.keyPrefix,
    createdAt: secret.createdAt,
    validUntil: secret.validUntil,
    bcryptHash: secret.bcryptHash,
    proof: secret.proof,
  };
}
