import { EntitySchema } from 'typeorm';
import type { ApiKeyRow } from './api-key.row.js';
import type { RowStorage } from './row-storage.js';

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
  apiKey!: ApiKeyRow;
}

/** How `ApiKeySecretRow` is stored. */
export function apiKeySecretSchema({ types, placedIn }: RowStorage): EntitySchema<ApiKeySecretRow> {
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
        // By its name: `api-key.row.ts` imports this file.
        target: 'ApiKeyRow',
        inverseSide: 'secrets',
        joinColumn: { name: 'api_key_id' },
      },
    },
  });
}
