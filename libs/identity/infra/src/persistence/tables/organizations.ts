import type { Organization, OrganizationPolicy } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

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
      maxKeyLifetimeDays: { type: 'integer', name: 'max_key_lifetime_days', nullable: true },
      keyExpiryRequired: { type: 'boolean', name: 'key_expiry_required' },
      keyScopesRequired: { type: 'boolean', name: 'key_scopes_required' },
      revokeUnusedAfterDays: { type: 'integer', name: 'revoke_unused_after_days', nullable: true },
      liveKeys: { type: 'integer', name: 'live_keys', nullable: true },
    },
  });
}

type PolicyColumns = Pick<
  OrganizationRow,
  'maxKeyLifetimeDays' | 'keyExpiryRequired' | 'keyScopesRequired' | 'revokeUnusedAfterDays'
>;

/** The entity of a row. */
export function toOrganization(row: Omit<OrganizationRow, 'liveKeys'>): Organization {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
    policy: toPolicy(row),
  };
}

/** The row of an entity. */
export function toOrganizationRow(organization: Organization): Omit<OrganizationRow, 'liveKeys'> {
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
  };
}

/** The policy in a row. */
function toPolicy(row: PolicyColumns): OrganizationPolicy {
  return {
    maxLifetimeDays: row.maxKeyLifetimeDays,
    expiryRequired: row.keyExpiryRequired,
    scopesRequired: row.keyScopesRequired,
    revokeUnusedAfterDays: row.revokeUnusedAfterDays,
  };
}
