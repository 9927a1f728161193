import {
  ApiKey,
  type JsonObject,
  type KeyCreator,
  type LastUsedFrom,
  type Quota,
  ScopeGrant,
} from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import { ApiKeySecretRow } from './api-key-secrets.js';
import { MemberRow } from './members.js';
import { OrganizationRow } from './organizations.js';
import type { Dialect, TableOptions } from './columns.js';
import { toQuota, toRateLimit } from './key-limits.js';

/** A row of `api_keys`. */
export class ApiKeyRow {
  id!: string;
  organizationId!: string;
  memberId!: string;
  name!: string;
  description!: string | null;
  /** JSON array of strings; null for none. */
  labels!: string | null;
  /** JSON object. */
  metadata!: string | null;
  keyPrefix!: string;
  /** JSON array of strings; text, because a damaged one must fail its own key only. */
  scopes!: string;
  unrestricted!: boolean;
  rateLimitRequests!: number | null;
  rateLimitSeconds!: number | null;
  quotaRequests!: number | null;
  quotaPeriod!: Quota['period'] | null;
  /** JSON array of strings. A damaged one accepts no address. */
  allowedNetworks!: string | null;
  createdAt!: Date;
  /** Null in rows of versions before. */
  createdByType!: KeyCreator['type'] | null;
  createdById!: string | null;
  expiresAt!: Date | null;
  disabledAt!: Date | null;
  revokedAt!: Date | null;
  lastUsedAt!: Date | null;
  lastUsedAddress!: string | null;
  lastUsedUserAgent!: string | null;
  /** What was announced of the end of the key: `expiry-notices.ts` alone reads and writes these four. */
  expiryNoticeEnd!: Date | null;
  expiryNoticeDays!: number | null;
  expiryNoticeAttempts!: number | null;
  expiryNoticeRetryAt!: Date | null;
  /** Read and written by the release before this one alone (ADR 21); the next one removes it. */
  place!: number | null;
  organization!: OrganizationRow;
  member!: MemberRow;
  secrets!: ApiKeySecretRow[];
}

/** What takes the place of an instant that a key has not: such keys come last in the order of each. */
export const NO_INSTANT = {
  last_used_at: { postgres: "'-infinity'::timestamptz", 'better-sqlite3': "''" },
  expires_at: { postgres: "'infinity'::timestamptz", 'better-sqlite3': "'~'" },
} as const satisfies Record<string, Record<Dialect, string>>;

/** What lists of keys are sorted by beside `created_at`, in the words of the indexes. */
export const SORTED_BY: Readonly<Record<'name' | 'last_used_at' | 'expires_at', Readonly<Record<Dialect, string>>>> = {
  // A to Z alone, on both: what is done with other letters depends on the server's libraries.
  name: { postgres: 'lower(name COLLATE "C")', 'better-sqlite3': 'lower(name)' },
  last_used_at: instantOrNone('last_used_at'),
  expires_at: instantOrNone('expires_at'),
};

function instantOrNone(column: keyof typeof NO_INSTANT): Record<Dialect, string> {
  const { postgres, 'better-sqlite3': sqlite } = NO_INSTANT[column];
  return { postgres: `COALESCE(${column}, ${postgres})`, 'better-sqlite3': `COALESCE(${column}, ${sqlite})` };
}

/** What a key is made from: its own columns without `place` and what was announced. */
export type ApiKeyColumns = Omit<
  ApiKeyRow,
  | 'expiryNoticeEnd'
  | 'expiryNoticeDays'
  | 'expiryNoticeAttempts'
  | 'expiryNoticeRetryAt'
  | 'place'
  | 'organization'
  | 'member'
  | 'secrets'
>;

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
      description: { type: 'text', name: 'description', nullable: true },
      labels: { type: 'text', name: 'labels', nullable: true },
      metadata: { type: 'text', name: 'metadata', nullable: true },
      keyPrefix: { type: 'text', name: 'key_prefix' },
      scopes: { type: 'text', name: 'scopes' },
      unrestricted: { type: 'boolean', name: 'unrestricted' },
      rateLimitRequests: { type: 'integer', name: 'rate_limit_requests', nullable: true },
      rateLimitSeconds: { type: 'integer', name: 'rate_limit_seconds', nullable: true },
      quotaRequests: { type: 'integer', name: 'quota_requests', nullable: true },
      quotaPeriod: { type: 'text', name: 'quota_period', nullable: true },
      allowedNetworks: { type: 'text', name: 'allowed_networks', nullable: true },
      createdAt: { type: types.instant, name: 'created_at' },
      createdByType: { type: 'text', name: 'created_by_type', nullable: true },
      createdById: { type: types.id, name: 'created_by_id', nullable: true },
      expiresAt: { type: types.instant, name: 'expires_at', nullable: true },
      disabledAt: { type: types.instant, name: 'disabled_at', nullable: true },
      revokedAt: { type: types.instant, name: 'revoked_at', nullable: true },
      lastUsedAt: { type: types.instant, name: 'last_used_at', nullable: true },
      lastUsedAddress: { type: 'text', name: 'last_used_address', nullable: true },
      lastUsedUserAgent: { type: 'text', name: 'last_used_user_agent', nullable: true },
      expiryNoticeEnd: { type: types.instant, name: 'expiry_notice_end', nullable: true, select: false },
      expiryNoticeDays: { type: 'integer', name: 'expiry_notice_days', nullable: true, select: false },
      expiryNoticeAttempts: { type: 'integer', name: 'expiry_notice_attempts', nullable: true, select: false },
      expiryNoticeRetryAt: { type: types.instant, name: 'expiry_notice_retry_at', nullable: true, select: false },
      place: { type: 'integer', name: 'place', nullable: true },
    },
    relations: {
      organization: { type: 'many-to-one', target: () => OrganizationRow, joinColumn: { name: 'organization_id' } },
      member: { type: 'many-to-one', target: () => MemberRow, joinColumn: { name: 'member_id' } },
      secrets: { type: 'one-to-many', target: () => ApiKeySecretRow, inverseSide: 'apiKey' },
    },
  });
}

/** What a key is made from where it is authenticated: nobody asks there from where it was used before. */
export type CredentialColumns = Omit<ApiKeyColumns, 'lastUsedAddress' | 'lastUsedUserAgent'> &
  Partial<Pick<ApiKeyColumns, 'lastUsedAddress' | 'lastUsedUserAgent'>>;

/** The entity of a row. */
export function toApiKey(row: CredentialColumns): ApiKey {
  return new ApiKey({
    id: row.id,
    organizationId: row.organizationId,
    memberId: row.memberId,
    name: row.name,
    description: row.description,
    labels: row.labels === null ? [] : readTexts(row.labels),
    metadata: row.metadata === null ? null : readObject(row.metadata),
    keyPrefix: row.keyPrefix,
    grant: row.unrestricted ? ScopeGrant.unrestricted() : ScopeGrant.of(readTexts(row.scopes)),
    rateLimit: toRateLimit(row.rateLimitRequests, row.rateLimitSeconds),
    quota: toQuota(row.quotaRequests, row.quotaPeriod),
    allowedNetworks: row.allowedNetworks === null ? null : readTexts(row.allowedNetworks),
    createdAt: row.createdAt,
    createdBy: row.createdByType === null ? null : { type: row.createdByType, id: row.createdById },
    expiresAt: row.expiresAt,
    disabledAt: row.disabledAt,
    revokedAt: row.revokedAt,
    lastUsedAt: row.lastUsedAt,
    lastUsedFrom: toLastUsedFrom(row),
  });
}

/** The row of an entity. */
export function toApiKeyRow(apiKey: ApiKey): ApiKeyColumns {
  return {
    id: apiKey.id,
    organizationId: apiKey.organizationId,
    memberId: apiKey.memberId,
    keyPrefix: apiKey.keyPrefix,
    createdAt: apiKey.createdAt,
    createdByType: apiKey.createdBy && apiKey.createdBy.type,
    createdById: apiKey.createdBy && apiKey.createdBy.id,
    revokedAt: apiKey.revokedAt,
    lastUsedAt: apiKey.lastUsedAt,
    lastUsedAddress: apiKey.lastUsedFrom && apiKey.lastUsedFrom.address,
    lastUsedUserAgent: apiKey.lastUsedFrom && apiKey.lastUsedFrom.userAgent,
    ...toApiKeyChanges(apiKey),
  };
}

/** The columns of a row that a change of the key may change. Its public part changes with its secret alone. */
export function toApiKeyChanges(
  apiKey: ApiKey,
): Omit<
  ApiKeyColumns,
  | 'id'
  | 'organizationId'
  | 'memberId'
  | 'keyPrefix'
  | 'createdAt'
  | 'createdByType'
  | 'createdById'
  | 'revokedAt'
  | 'lastUsedAt'
  | 'lastUsedAddress'
  | 'lastUsedUserAgent'
> {
  const { grant, rateLimit, quota } = apiKey;
  return {
    name: apiKey.name,
    description: apiKey.description,
    labels: apiKey.labels.length === 0 ? null : JSON.stringify(apiKey.labels),
    metadata: apiKey.metadata && JSON.stringify(apiKey.metadata),
    scopes: JSON.stringify(grant.scopes),
    unrestricted: grant.unrestricted,
    rateLimitRequests: rateLimit && rateLimit.requests,
    rateLimitSeconds: rateLimit && rateLimit.seconds,
    quotaRequests: quota && quota.requests,
    quotaPeriod: quota && quota.period,
    allowedNetworks: apiKey.allowedNetworks && JSON.stringify(apiKey.allowedNetworks),
    expiresAt: apiKey.expiresAt,
    disabledAt: apiKey.disabledAt,
  };
}

function toLastUsedFrom({ lastUsedAddress, lastUsedUserAgent }: CredentialColumns): LastUsedFrom | null {
  const [address, userAgent] = [lastUsedAddress ?? null, lastUsedUserAgent ?? null];
  return address === null && userAgent === null ? null : { address, userAgent };
}

/** A damaged list is empty: it must never widen its key, nor break the list that the key stands in. */
export function readTexts(stored: string): string[] {
  const texts = readJson(stored);
  return Array.isArray(texts) && texts.every((text) => typeof text === 'string') ? texts : [];
}

function readObject(stored: string): JsonObject | null {
  const value = readJson(stored);
  return typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject | null) : null;
}

function readJson(stored: string): unknown {
  try {
    return JSON.parse(stored);
  } catch {
    return null;
  }
}
