import type { RepositoryHarness } from '@feather-identity/core/testing';
import type { DataSource, Logger } from 'typeorm';
import type { DatabaseLocation } from '../src/persistence/database/database-url.js';
import { openDatabase } from '../src/persistence/database/open-database.js';
import { createRepositories, type LeaseOptions, type Repositories } from '../src/persistence/repositories.js';
import { Storage } from '../src/persistence/sql/storage.js';
import { emptyLocation, type TestDatabaseType } from './test-location.js';

const POOL_SIZE = 5;

/** The repositories on a migrated database. */
export interface TestDatabase extends RepositoryHarness {
  readonly apiKeys: Repositories['apiKeys'];
  readonly location: DatabaseLocation;
  readonly dataSource: DataSource;
  readonly storage: Storage;
  /** Deletes every row of ours. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a database of the test's own, or the one at `location`, with the settings of production. */
export async function openTestDatabase(
  type: TestDatabaseType,
  location?: DatabaseLocation,
  logger?: Logger,
): Promise<TestDatabase> {
  const where = location ?? (await emptyLocation(type));
  return testDatabase(where, await openDatabase({ location: where, poolSize: POOL_SIZE, ...(logger && { logger }) }));
}

/** The repositories on an open data source. */
export function testDatabase(location: DatabaseLocation, dataSource: DataSource, options?: LeaseOptions): TestDatabase {
  const storage = new Storage(dataSource);
  const { leases, ...repositories } = createRepositories(dataSource, options);
  const {
    consoleLinks,
    consoleSessions,
    operatorEvents,
    operatorKeys,
    apiKeyQuotas,
    apiKeyUsageHours,
    apiKeyUsageDays,
    keySettings,
    useObservations,
    jobLeases,
    auditEvents,
    bootstrap,
    apiKeySecrets,
    apiKeys,
    members,
    organizations,
  } = storage.statements.tables;
  return {
    location,
    dataSource,
    storage,
    ...repositories,
    jobLeases: leases,
    empty: () =>
      dataSource.transaction(async (manager) => {
        for (const table of [
          consoleLinks,
          consoleSessions,
          operatorEvents,
          operatorKeys,
          apiKeyQuotas,
          apiKeyUsageHours,
          apiKeyUsageDays,
          keySettings,
          useObservations,
          jobLeases,
          auditEvents,
          bootstrap,
          apiKeySecrets,
          apiKeys,
          members,
          organizations,
        ])
          await manager.query(`DELETE FROM ${table}`);
      }),
    close: () => dataSource.destroy(),
  };
}
