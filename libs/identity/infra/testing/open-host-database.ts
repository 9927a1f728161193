import { DataSource, type DataSourceOptions, EntitySchema, type Logger } from 'typeorm';
import type { DatabaseLocation } from '../src/persistence/database/database-url.js';
import { identityEntities } from '../src/persistence/tables/tables.js';
import { identityMigrations } from '../src/persistence/migrations/identity-migrations.js';
import type { TableNaming } from '../src/persistence/tables/tables.js';
import { testDatabase, type TestDatabase } from './open-test-database.js';
import { emptyLocation, type TestDatabaseType } from './test-location.js';

/** Tables of the application's own that have the plain names of ours, and other columns. */
const HOST_TABLES = ['api_keys', 'organizations', 'members'];

/** What an application decides about its data source. */
export interface HostDatabase {
  readonly type: TestDatabaseType;
  readonly naming: TableNaming;
  readonly location?: DatabaseLocation;
  readonly logger?: Logger;
  /** False where another test's data source has made them already. */
  readonly ownTables?: boolean;
  readonly options?: Pick<DataSourceOptions, 'entityPrefix' | 'extra' | 'namingStrategy'>;
}

/**
 * Opens the data source of an application that keeps our tables beside its own, with TypeORM's own settings of the
 * connection. The tables of the application are made by `synchronize`.
 */
export async function openHostDatabase({ type, naming, ...host }: HostDatabase): Promise<TestDatabase> {
  const location = host.location ?? (await emptyLocation(type));
  const own = (host.ownTables ?? true) ? hostEntities() : [];
  const shared = {
    synchronize: true,
    ...host.options,
    ...(host.logger ? { logger: host.logger, logging: true } : {}),
    migrations: identityMigrations(naming),
    migrationsRun: true,
  };
  const dataSource = new DataSource(
    location.type === 'sqlite'
      ? {
          ...shared,
          type: 'better-sqlite3',
          database: location.path,
          enableWAL: true,
          entities: [...own, ...identityEntities('better-sqlite3', naming)],
        }
      : {
          ...shared,
          type: 'postgres',
          url: location.url,
          installExtensions: false,
          entities: [...own, ...identityEntities('postgres', naming)],
        },
  );
  await dataSource.initialize();
  return testDatabase(location, dataSource);
}

function hostEntities(): EntitySchema[] {
  return HOST_TABLES.map(
    (name) =>
      new EntitySchema<{ id: number; label: string }>({
        name,
        columns: { id: { type: 'integer', primary: true, generated: true }, label: { type: 'text' } },
      }),
  );
}
