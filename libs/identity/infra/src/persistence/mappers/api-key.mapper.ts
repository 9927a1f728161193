import { ApiKey, ScopeGrant } from '@feather-identity/core';
import type { ApiKeyColumns } from '../rows/api-key.row.js';

/** The entity of a row. */
export function toApiKey(row: ApiKeyColumns): ApiKey {
  return new ApiKey({
    id: row.id,
    organizationId: row.organizationId,
    memberId: row.memberId,
    name: row.name,
    keyPrefix: row.keyPrefix,
    grant: row.unrestricted ? ScopeGrant.unrestricted() : ScopeGrant.of(readScopes(row.scopes)),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    disabledAt: row.disabledAt,
    revokedAt: row.revokedAt,
    lastUsedAt: row.lastUsedAt,
  });
}

/** The row of an entity. */
export function toApiKeyRow(apiKey: ApiKey): ApiKeyColumns {
  return {
    id: apiKey.id,
    organizationId: apiKey.organizationId,
    memberId: apiKey.memberId,
    name: apiKey.name,
    keyPrefix: apiKey.keyPrefix,
    scopes: JSON.stringify(apiKey.grant.scopes),
    unrestricted: apiKey.grant.unrestricted,
    createdAt: apiKey.createdAt,
    expiresAt: apiKey.expiresAt,
    disabledAt: apiKey.disabledAt,
    revokedAt: apiKey.revokedAt,
    lastUsedAt: apiKey.lastUsedAt,
  };
}

/** A damaged list grants nothing: it must never widen its key, nor break the list that the key stands in. */
function readScopes(stored: string): string[] {
  try {
    const scopes: unknown = JSON.parse(stored);
    return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? scopes : [];
  } catch {
    return [];
  }
}
