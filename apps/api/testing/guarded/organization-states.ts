import type { DataSource } from 'typeorm';
import type { GuardedHost } from '@feather-identity/http/testing';

/** Changes an organization behind everyone's back. `prefix` is what our tables are called with: `auth_`, `auth.`. */
export async function setOrganization(
  dataSource: DataSource,
  prefix: string,
  id: string,
  state: Parameters<GuardedHost['setOrganization']>[0],
): Promise<void> {
  const all = `organization_id = '${id}'`;
  const deletions = [
    `DELETE FROM ${prefix}audit_events WHERE ${all}`,
    `DELETE FROM ${prefix}api_key_secrets WHERE api_key_id IN (SELECT id FROM ${prefix}api_keys WHERE ${all})`,
    `DELETE FROM ${prefix}api_keys WHERE ${all}`,
    `DELETE FROM ${prefix}members WHERE ${all}`,
    `DELETE FROM ${prefix}organizations WHERE id = '${id}'`,
  ];
  const disabledAt = state === 'disabled' ? "'2020-01-01 00:00:00.000'" : 'NULL';
  const change = `UPDATE ${prefix}organizations SET disabled_at = ${disabledAt} WHERE id = '${id}'`;
  for (const statement of state === 'deleted' ? deletions : [change]) await dataSource.query(statement);
}
