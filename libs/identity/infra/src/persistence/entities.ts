import type { EntitySchema } from 'typeorm';
import { columnTypes, type Dialect } from './dialect.js';
import { apiKeySchema } from './rows/api-key.row.js';
import { apiKeySecretSchema } from './rows/api-key-secret.row.js';
import { auditEventSchema } from './rows/audit-event.row.js';
import { bootstrapSchema } from './rows/bootstrap.row.js';
import { jobLeaseSchema } from './rows/job-lease.row.js';
import { memberSchema } from './rows/member.row.js';
import { organizationSchema } from './rows/organization.row.js';
import { useObservationSchema } from './rows/use-observation.row.js';
import type { RowStorage } from './rows/row-storage.js';
import { checkTableNaming, type TableNaming } from './table-naming.js';

/**
 * The identity tables for the `entities` of a TypeORM data source of this type. Made anew by each call, so that data
 * sources with different names share nothing. `synchronize` of the application leaves these tables alone: they are made
 * by `identityMigrations`, and have indexes that entities do not describe.
 */
export function identityEntities(type: Dialect, naming: TableNaming = {}): EntitySchema[] {
  checkTableNaming(naming);
  const { tablePrefix = '', schema } = naming;
  if (schema !== undefined && type !== 'postgres') throw new Error('Only PostgreSQL has schemas: use tablePrefix.');
  const storage: RowStorage = {
    types: columnTypes(type),
    placedIn: (table) => ({
      tableName: `${tablePrefix}${table}`,
      ...(schema === undefined ? {} : { schema }),
      synchronize: false,
    }),
  };
  return [
    organizationSchema(storage),
    memberSchema(storage),
    apiKeySchema(storage),
    apiKeySecretSchema(storage),
    bootstrapSchema(storage),
    auditEventSchema(storage),
    jobLeaseSchema(storage),
    useObservationSchema(storage),
  ];
}
