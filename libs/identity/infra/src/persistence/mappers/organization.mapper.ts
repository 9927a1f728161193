import type { Organization } from '@feather-identity/core';
import type { OrganizationRow } from '../rows/organization.row.js';

/** The entity of a row. */
export function toOrganization(row: OrganizationRow): Organization {
  return { id: row.id, name: row.name, createdAt: row.createdAt, disabledAt: row.disabledAt };
}

/** The row of an entity. */
export function toOrganizationRow(organization: Organization): OrganizationRow {
  return {
    id: organization.id,
    name: organization.name,
    createdAt: organization.createdAt,
    disabledAt: organization.disabledAt,
  };
}
