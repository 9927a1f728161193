import type { Organization, OrganizationPolicy, Quota } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';
import { toQuota, toRateLimit } from './key-limits.js';

/** A row of `organizations`. */
export class OrganizationRow {
  id!: string;
  name!: string;
  createdAt!: Date;
  disabledAt!: Date | null;
  maxKeyLifetimeDays!: number | null;
  keyExpiryRequired!: boolean;
  keyScopesRequired!: boolean;
  revokeUnusedAfterDays!: number | null;
  revokeDescendants!: boolean;
  keyRateLimitRequests!: number | null;
  keyRateLimitSeconds!: number | null;
  keyQuotaRequests!: number | null;
  keyQuotaPeriod!: Quota['period'] | null;
  /** Since when nothing is left of it but its audit log; null while it exists. */
  deletedAt!: Date | null;
  /** At least the number of keys that count against a limit; null where it is not known (`key-limit.ts`). */
  liveKeys!: number | null;
}

/** How `OrganizationRow` is stored. */
export function organizationSchema({ types, placedIn }: TableOptions): EntitySchema<OrganizationRow> {
  return new EntitySchema<OrganizationRow>({
    name: 'OrganizationRow',
    target: OrganizationRow,
    ...placedIn('organizations'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      name: { type: 'text', name: 'name' },
      createdAt: { type: types.instant, name: 'created_at' },
      disabledAt: { type: types.instant, name: 'disabled_at', nullable: true },
      deletedAt: { type: types.instant, name: 'deleted_at', nullable: true },
      maxKeyLifetimeDays: { type: 'integer', name: 'max_key_lifetime_days', nullable: true },
      keyExpiryRequired: { type: 'boolean', name: 'key_expiry_required' },
      keyScopesRequired: { type: 'boolean', name: 'key_scopes_required' },
      revokeUnusedAfterDays: { type: 'integer', name: 'revoke_unused_after_days', nullable: true },
      revokeDescendants: { type: 'boolean', name: 'revoke_descendants' },
      keyRateLimitRequests: { type: 'integer', name: 'key_rate_limit_requests', nullable: true },
      keyRateLimitSeconds: { type: 'integer', name: 'key_rate_limit_seconds', nullable: true },
      keyQuotaRequests: { type: 'integer', name: 'key_quota_requests', nullable: true },
      keyQuotaPeriod: { type: 'text', name: 'key_quota_period', nullable: true },
      liveKeys: { type: 'integer', name: 'live_keys', nullable: true },
    },
  });
}

type PolicyColumns = Omit<OrganizationRow, 'id' | 'name' | 'createdAt' | 'disabledAt' | 'deletedAt' | 'liveKeys'>;

/** The entity of a row. */
export function toOrganization(row: Omit<OrganizationRow, 'liveKeys' | 'deletedAt'>): Organization {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
    policy: toPolicy(row),
  };
}

/** The row of an entity. */
export function toOrganizationRow(organization: Organization): Omit<OrganizationRow, 'liveKeys' | 'deletedAt'> {
  return {
    id: organization.id,
    createdAt: organization.createdAt,
    ...toOrganizationChanges(organization),
  };
}

/** The columns of a row that a change of the organization may change. */
export function toOrganizationChanges({
  name,
  disabledAt,
  policy,
}: Organization): Pick<OrganizationRow, 'name' | 'disabledAt'> & PolicyColumns {
  return {
    name,
    disabledAt,
    maxKeyLifetimeDays: policy.maxLifetimeDays,
    keyExpiryRequired: policy.expiryRequired,
    keyScopesRequired: policy.scopesRequired,
    revokeUnusedAfterDays: policy.revokeUnusedAfterDays,
    revokeDescendants: policy.revokeDescendants,
    keyRateLimitRequests: policy.rateLimit && policy.rateLimit.requests,
    keyRateLimitSeconds: policy.rateLimit && policy.rateLimit.seconds,
    keyQuotaRequests: policy.quota && policy.quota.requests,
    keyQuotaPeriod: policy.quota && policy.quota.period,
  };
}

/** The policy in a row. */
function toPolicy(row: PolicyColumns): OrganizationPolicy {
  return {
    maxLifetimeDays: row.maxKeyLifetimeDays,
    expiryRequired: row.keyExpiryRequired,
    scopesRequired: row.keyScopesRequired,
    revokeUnusedAfterDays: row.revokeUnusedAfterDays,
    revokeDescendants: row.revokeDescendants,
    rateLimit: toRateLimit(row.keyRateLimitRequests, row.keyRateLimitSeconds),
    quota: toQuota(row.keyQuotaRequests, row.keyQuotaPeriod),
  };
}

/** The one row of `bootstrap`: its primary key lets exactly one of several first starts win. */
export class BootstrapRow {
  id!: number;
  organizationId!: string;
}

/** The only value of `BootstrapRow.id`. */
export const BOOTSTRAP_ID = 1;

/** How `BootstrapRow` is stored. */
export function bootstrapSchema({ types, placedIn }: TableOptions): EntitySchema<BootstrapRow> {
  return new EntitySchema<BootstrapRow>({
    name: 'BootstrapRow',
    target: BootstrapRow,
    ...placedIn('bootstrap'),
    columns: {
      id: { type: 'integer', name: 'id', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
    },
  });
}
