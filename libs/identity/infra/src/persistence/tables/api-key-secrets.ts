import type { ApiKeySecret } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `api_key_secrets`. */
export class ApiKeySecretRow {
  id!: string;
  apiKeyId!: string;
  keyPrefix!: string;
  hash!: string | null;
  proof!: string | null;
  createdAt!: Date;
  validUntil!: Date | null;
  lastUsedAt!: Date | null;
  /** What an imported secret is found by; null for those of our own. */
  lookup!: string | null;
  /** An `ApiKeyRow`, whose file imports this one. */
  apiKey!: object;
}

/** How `ApiKeySecretRow` is stored. */
export function apiKeySecretSchema({ types, placedIn }: TableOptions): EntitySchema<ApiKeySecretRow> {
  return new EntitySchema<ApiKeySecretRow>({
    name: 'ApiKeySecretRow',
    target: ApiKeySecretRow,
    ...placedIn('api_key_secrets'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      apiKeyId: { type: types.id, name: 'api_key_id' },
      keyPrefix: { type: 'text', name: 'key_prefix' },
      hash: { type: 'text', name: 'hash', nullable: true },
      proof: { type: 'text', name: 'proof', nullable: true },
      createdAt: { type: types.instant, name: 'created_at' },
      validUntil: { type: types.instant, name: 'valid_until', nullable: true },
      lastUsedAt: { type: types.instant, name: 'last_used_at', nullable: true },
      lookup: { type: 'text', name: 'lookup', nullable: true },
    },
    relations: {
      apiKey: {
        type: 'many-to-one',
        target: 'ApiKeyRow',
        inverseSide: 'secrets',
        joinColumn: { name: 'api_key_id' },
      },
    },
  });
}

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
