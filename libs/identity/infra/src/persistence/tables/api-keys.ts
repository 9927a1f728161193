import { ApiKey, ScopeGrant } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import { ApiKeySecretRow } from './api-key-secrets.js';
import { MemberRow } from './members.js';
import { OrganizationRow } from './organizations.js';
import type { TableOptions } from './columns.js';

/** A row of `api_keys`. */
export class ApiKeyRow {
  id!: string;
  organizationId!: string;
  memberId!: string;
  name!: string;
  keyPrefix!: string;
  /** JSON array of strings; text, because a damaged one must fail its own key only. */
  scopes!: string;
  unrestricted!: boolean;
  createdAt!: Date;
  expiresAt!: Date | null;
  disabledAt!: Date | null;
  revokedAt!: Date | null;
  lastUsedAt!: Date | null;
  /** Read and written by the release before this one alone (ADR 21); the next one removes it. */
  place!: number | null;
  organization!: OrganizationRow;
  member!: MemberRow;
  secrets!: ApiKeySecretRow[];
}

/** What a key is made from: its own columns without `place`. */
export type ApiKeyColumns = Omit<ApiKeyRow, 'place' | 'organization' | 'member' | 'secrets'>;

/** How `ApiKeyRow` is stored. */
export function apiKeySchema({ types, placedIn }: TableOptions): EntitySchema<ApiKeyRow> {
  return new EntitySchema<ApiKeyRow>({
    name: 'ApiKeyRow',
    target: ApiKeyRow,
    ...placedIn('api_keys'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
      memberId: { type: types.id, name: 'member_id' },
      name: { type: 'text', name: 'name' },
      keyPrefix: { type: 'text', name: 'key_prefix' },
      scopes: { type: 'text', name: 'scopes' },
      unrestricted: { type: 'boolean', name: 'unrestricted' },
      createdAt: { type: types.instant, name: 'created_at' },
      expiresAt: { type: types.instant, name: 'expires_at', nullable: true },
      disabledAt: { type: types.instant, name: 'disabled_at', nullable: true },
      revokedAt: { type: types.instant, name: 'revoked_at', nullable: true },
      lastUsedAt: { type: types.instant, name: 'last_used_at', nullable: true },
      place: { type: 'integer', name: 'place', nullable: true },
    },
    relations: {
      organization: { type: 'many-to-one', target: () => OrganizationRow, joinColumn: { name: 'organization_id' } },
      member: { type: 'many-to-one', target: () => MemberRow, joinColumn: { name: 'member_id' } },
      secrets: { type: 'one-to-many', target: () => ApiKeySecretRow, inverseSide: 'apiKey' },
    },
  });
}

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
