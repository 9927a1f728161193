import { type NewOperatorKey, ScopeGrant, type StoredOperatorKey } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import { readTexts } from './api-keys.js';
import type { TableOptions } from './columns.js';

/** A row of `operator_keys`. */
export class OperatorKeyRow {
  id!: string;
  name!: string;
  keyPrefix!: string;
  /** JSON array. */
  scopes!: string;
  unrestricted!: boolean;
  hash!: string | null;
  proof!: string | null;
  createdAt!: Date;
  expiresAt!: Date | null;
  revokedAt!: Date | null;
  lastUsedAt!: Date | null;
}

/** How `OperatorKeyRow` is stored. */
export function operatorKeySchema({ types, placedIn }: TableOptions): EntitySchema<OperatorKeyRow> {
  return new EntitySchema<OperatorKeyRow>({
    name: 'OperatorKeyRow',
    target: OperatorKeyRow,
    ...placedIn('operator_keys'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      name: { type: 'text', name: 'name' },
      keyPrefix: { type: 'text', name: 'key_prefix' },
      scopes: { type: 'text', name: 'scopes' },
      unrestricted: { type: 'boolean', name: 'unrestricted' },
      hash: { type: 'text', name: 'hash', nullable: true },
      proof: { type: 'text', name: 'proof', nullable: true },
      createdAt: { type: types.instant, name: 'created_at' },
      expiresAt: { type: types.instant, name: 'expires_at', nullable: true },
      revokedAt: { type: types.instant, name: 'revoked_at', nullable: true },
      lastUsedAt: { type: types.instant, name: 'last_used_at', nullable: true },
    },
  });
}

/** The entity of a row. */
export function toOperatorKey(row: OperatorKeyRow): StoredOperatorKey {
  return {
    operatorKey: {
      id: row.id,
      name: row.name,
      keyPrefix: row.keyPrefix,
      grant: row.unrestricted ? ScopeGrant.unrestricted() : ScopeGrant.of(readTexts(row.scopes)),
      createdAt: row.createdAt,
      expiresAt: row.expiresAt,
      revokedAt: row.revokedAt,
      lastUsedAt: row.lastUsedAt,
    },
    hash: row.hash,
    proof: row.proof,
  };
}

/** The row of an entity. */
export function toOperatorKeyRow({ operatorKey, hash, proof }: NewOperatorKey): OperatorKeyRow {
  return {
    id: operatorKey.id,
    name: operatorKey.name,
    keyPrefix: operatorKey.keyPrefix,
    scopes: JSON.stringify(operatorKey.grant.scopes),
    unrestricted: operatorKey.grant.unrestricted,
    hash,
    proof,
    createdAt: operatorKey.createdAt,
    expiresAt: operatorKey.expiresAt,
    revokedAt: operatorKey.revokedAt,
    lastUsedAt: operatorKey.lastUsedAt,
  };
}
