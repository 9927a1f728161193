import type { DataSource } from 'typeorm';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { AuditEventRow } from './rows/audit-event.row.js';
import { BootstrapRow } from './rows/bootstrap.row.js';
import { JobLeaseRow } from './rows/job-lease.row.js';
import { MemberRow } from './rows/member.row.js';
import { OrganizationRow } from './rows/organization.row.js';
import { UseObservationRow } from './rows/use-observation.row.js';

const ROWS = {
  organizations: OrganizationRow,
  members: MemberRow,
  apiKeys: ApiKeyRow,
  apiKeySecrets: ApiKeySecretRow,
  bootstrap: BootstrapRow,
  auditEvents: AuditEventRow,
  jobLeases: JobLeaseRow,
  useObservations: UseObservationRow,
} as const;

/** What a data source calls each of our tables. */
export type TableNames = Readonly<Record<keyof typeof ROWS, string>>;

/**
 * The tables as TypeORM names them: with their schema, where they have one, and not quoted. From the data source and not
 * from our options, so that no statement can mean another table than TypeORM's own do, whatever the application's
 * `entityPrefix`, `schema` and naming strategy make of the names. Throws where it was not given our entities.
 */
export function tablePathsOf(dataSource: DataSource): TableNames {
  if (!Object.values(ROWS).every((row) => dataSource.hasMetadata(row))) {
    throw new Error('The data source does not know the identity tables: is it initialized, with identityEntities()?');
  }
  const paths = Object.entries(ROWS).map(([table, row]) => [table, dataSource.getMetadata(row).tablePath]);
  return Object.fromEntries(paths) as TableNames;
}

/** The tables as statements name them. */
export function tableNamesOf(dataSource: DataSource): TableNames {
  const quote = (path: string) =>
    path
      .split('.')
      .map((part) => dataSource.driver.escape(part))
      .join('.');
  const names = Object.entries(tablePathsOf(dataSource)).map(([table, path]) => [table, quote(path)]);
  return Object.fromEntries(names) as TableNames;
}
