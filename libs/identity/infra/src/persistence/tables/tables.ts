import type { DataSource, EntitySchema } from 'typeorm';
import { ApiKeyRow, apiKeySchema } from './api-keys.js';
import { ApiKeyLabelRow, apiKeyLabelSchema } from './api-key-labels.js';
import { ApiKeyQuotaRow, apiKeyQuotaSchema } from './api-key-quotas.js';
import { ApiKeyUsageDayRow, ApiKeyUsageHourRow, apiKeyUsageSchemas } from './api-key-usage.js';
import { ApiKeySecretRow, apiKeySecretSchema } from './api-key-secrets.js';
import { AuditEventRow, auditEventSchema } from './audit-events.js';
import { ConsoleLinkRow, consoleLinkSchema, ConsoleSessionRow, consoleSessionSchema } from './console-sessions.js';
import { CredentialLeaseRow, credentialLeaseSchema } from './credential-leases.js';
import { JobLeaseRow, jobLeaseSchema } from './job-leases.js';
import { KeySettingsRow, keySettingsSchema } from './key-settings.js';
import { MemberRow, memberSchema } from './members.js';
import { OperatorEventRow, operatorEventSchema } from './operator-events.js';
import { OperatorKeyRow, operatorKeySchema } from './operator-keys.js';
import { BootstrapRow, bootstrapSchema, OrganizationRow, organizationSchema } from './organizations.js';
import { UseObservationRow, useObservationSchema } from './use-observations.js';
import { columnTypes, type Dialect, type TableOptions } from './columns.js';

/** Where the identity tables are among an application's own. */
export interface TableNaming {
  /** Beginning of their names, such as `auth_`: at most 24 lower-case letters, digits and underscores. Default: none. */
  readonly tablePrefix?: string;
  /** Their PostgreSQL schema: at most 63 lower-case letters, digits and underscores. Default: the data source's. */
  readonly schema?: string;
}

/** PostgreSQL cuts names off after 63 characters; our longest has 35, and later ones may be longer. */
const MAX_PREFIX = 24;
const MAX_SCHEMA = 63;

/** Both databases reserve a prefix for their own names. */
const IDENTIFIER = /^(?!pg_|sqlite_)[a-z_][a-z0-9_]*$/;

/** Throws for names that would need quotes, would be cut off, or are reserved. */
export function checkTableNaming({ tablePrefix, schema }: TableNaming): void {
  check('tablePrefix', tablePrefix, MAX_PREFIX);
  check('schema', schema, MAX_SCHEMA);
}

function check(option: keyof TableNaming, name: string | undefined, maxLength: number): void {
  if (name === undefined || (IDENTIFIER.test(name) && name.length <= maxLength)) return;
  throw new Error(
    `${option} takes at most ${maxLength} lower-case letters, digits and underscores, does not begin with a digit, ` +
      'pg_ or sqlite_, and is left out rather than empty.',
  );
}

/**
 * The identity tables, for the `entities` of a TypeORM data source. Each call makes new ones, so that data sources with
 * different naming share nothing. `synchronize` leaves these tables alone: `identityMigrations` creates them, with indexes
 * that entities cannot describe.
 *
 * @param type - the data source's
 * @param naming - prefix and schema of the tables, the same as for `identityMigrations`. Default: neither
 * @throws Error for a prefix or schema that would need quotes or would be cut off, and for a schema on SQLite
 * @example
 * ```ts
 * const naming = { tablePrefix: 'auth_' };
 * new DataSource({
 *   type: 'postgres',
 *   url,
 *   entities: [...identityEntities('postgres', naming)],
 *   migrations: [...identityMigrations(naming)],
 * });
 * ```
 */
export function identityEntities(type: Dialect, naming: TableNaming = {}): EntitySchema[] {
  checkTableNaming(naming);
  const { tablePrefix = '', schema } = naming;
  if (schema !== undefined && type !== 'postgres') throw new Error('Only PostgreSQL has schemas: use tablePrefix.');
  const options: TableOptions = {
    types: columnTypes(type),
    placedIn: (table) => ({
      tableName: `${tablePrefix}${table}`,
      ...(schema === undefined ? {} : { schema }),
      synchronize: false,
    }),
  };
  return [
    organizationSchema(options),
    memberSchema(options),
    apiKeySchema(options),
    apiKeySecretSchema(options),
    apiKeyLabelSchema(options),
    bootstrapSchema(options),
    auditEventSchema(options),
    jobLeaseSchema(options),
    useObservationSchema(options),
    keySettingsSchema(options),
    operatorKeySchema(options),
    operatorEventSchema(options),
    apiKeyQuotaSchema(options),
    ...apiKeyUsageSchemas(options),
    consoleSessionSchema(options),
    consoleLinkSchema(options),
    credentialLeaseSchema(options),
  ];
}

const ROWS = {
  organizations: OrganizationRow,
  members: MemberRow,
  apiKeys: ApiKeyRow,
  apiKeySecrets: ApiKeySecretRow,
  apiKeyLabels: ApiKeyLabelRow,
  bootstrap: BootstrapRow,
  auditEvents: AuditEventRow,
  jobLeases: JobLeaseRow,
  useObservations: UseObservationRow,
  keySettings: KeySettingsRow,
  operatorKeys: OperatorKeyRow,
  operatorEvents: OperatorEventRow,
  apiKeyQuotas: ApiKeyQuotaRow,
  apiKeyUsageHours: ApiKeyUsageHourRow,
  apiKeyUsageDays: ApiKeyUsageDayRow,
  consoleSessions: ConsoleSessionRow,
  consoleLinks: ConsoleLinkRow,
  credentialLeases: CredentialLeaseRow,
} as const;

/** The name of each of our tables in one data source. */
export type TableNames = Readonly<Record<keyof typeof ROWS, string>>;

/**
 * The tables as TypeORM names them: not quoted, with the schema if there is one. They come from the data source, not from
 * our options, since the application's `entityPrefix`, `schema` and naming strategy may have changed them. Throws for a data
 * source without `identityEntities`.
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
  const names = Object.entries(tablePathsOf(dataSource)).map(([table, path]) => [table, quotedPath(dataSource, path)]);
  return Object.fromEntries(names) as TableNames;
}

/** A path of TypeORM's, as statements name it. */
export function quotedPath({ driver }: DataSource, path: string): string {
  return path
    .split('.')
    .map((part) => driver.escape(part))
    .join('.');
}
