import type { RepositoryHarness } from '@feather-identity/core/testing';
import type { DataSource } from 'typeorm';
import type { DatabaseLocation } from '../src/persistence/database-url.js';
import { openDatabase } from '../src/persistence/open-database.js';
import { Storage } from '../src/persistence/storage.js';
import { TypeOrmApiKeyRepository } from '../src/persistence/typeorm-api-key-repository.js';
import { TypeOrmAuditLog } from '../src/persistence/typeorm-audit-log.js';
import { TypeOrmJobLeases } from '../src/persistence/typeorm-job-leases.js';
import { TypeOrmOrganizationRepository } from '../src/persistence/typeorm-organization-repository.js';
import { emptyLocation, type TestDatabaseType } from './test-location.js';

const POOL_SIZE = 5;
const TABLES = ['job_leases', 'audit_events', 'bootstrap', 'api_key_secrets', 'api_keys', 'members', 'organizations'];

/** A migrated database with the settings of production, and the repositories on it. */
export interface TestDatabase extends RepositoryHarness {
  readonly location: DatabaseLocation;
  readonly dataSource: DataSource;
  readonly storage: Storage;
  /** Deletes every row. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a database of the test's own, or the one at `location`. */
export async function openTestDatabase(type: TestDatabaseType, location?: DatabaseLocation): Promise<TestDatabase> {
  const where = location ?? (await emptyLocation(type));
  const dataSource = await openDatabase({ location: where, poolSize: POOL_SIZE });
  const storage = new Storage(dataSource);
  return {
    location: where,
    dataSource,
    storage,
    apiKeys: new TypeOrmApiKeyRepository(storage),
    organizations: new TypeOrmOrganizationRepository(storage),
    auditLog: new TypeOrmAuditLog(storage),
    jobLeases: new TypeOrmJobLeases(storage),
    empty: () =>
      dataSource.transaction(async (manager) => {
        for (const table of TABLES) await manager.query(`DELETE FROM ${table}`);
      }),
    close: () => dataSource.destroy(),
  };
}
