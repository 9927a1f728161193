import type { Organization, OrganizationPolicy } from '@feather-identity/core';
import type { OrganizationRow } from '../rows/organization.row.js';

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
    name: organization.name,
    createdAt: organization.createdAt,
    disabledAt: organization.disabledAt,
    ...toPolicyColumns(organization.policy),
  };
}

/** The policy in a row. */
export function toPolicy(row: PolicyColumns): OrganizationPolicy {
  return {
    maxLifetimeDays: row.maxKeyLifetimeDays,
    expiryRequired: row.keyExpiryRequired,
    scopesRequired: row.keyScopesRequired,
    revokeUnusedAfterDays: row.revokeUnusedAfterDays,
  };
}

/** The columns of a policy. */
export function toPolicyColumns(policy: OrganizationPolicy): PolicyColumns {
  return {
    maxKeyLifetimeDays: policy.maxLifetimeDays,
    keyExpiryRequired: policy.expiryRequired,
    keyScopesRequired: policy.scopesRequired,
    revokeUnusedAfterDays: policy.revokeUnusedAfterDays,
  };
}
