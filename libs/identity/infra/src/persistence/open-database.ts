import type { DataSource } from 'typeorm';
import { createDataSource, createMigrationDataSource, type DatabaseOptions } from './data-source.js';
import { migrate } from './migrate.js';
import { assertPostgresSettings } from './postgres-settings.js';
import { retryWhileLocked } from './retry-while-locked.js';
import { assertSqliteSettings } from './sqlite-settings.js';

const LOCK_WAIT_MS = 10_000;

/** Options of `openDatabase`. */
interface OpenDatabaseOptions extends DatabaseOptions {
  /** Accepts a PostgreSQL that may lose acknowledged writes; for throw-away installations. */
  readonly allowNonDurable?: boolean;
}

/**
 * Migrates, connects and checks that what is committed is safe. Throws `NonDurableDatabaseError` when it is not. The
 * caller destroys the data source.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DataSource> {
  const migrator = await connect(createMigrationDataSource(options));
  try {
    await migrate(migrator);
  } finally {
    await migrator.destroy();
  }
  const dataSource = await connect(createDataSource(options));
  try {
    if (options.location.type === 'sqlite') await assertSqliteSettings(dataSource);
    else if (options.allowNonDurable !== true) await assertPostgresSettings(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Turning on WAL needs SQLite's lock, which another process that starts may hold. */
function connect(dataSource: DataSource): Promise<DataSource> {
  return retryWhileLocked(LOCK_WAIT_MS, () => dataSource.initialize());
}
