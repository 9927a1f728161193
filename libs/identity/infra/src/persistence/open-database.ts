import type { DataSource } from 'typeorm';
import { createDataSource, type DatabaseOptions } from './data-source.js';
import { migrate } from './migrate.js';
import { assertPostgresSettings } from './postgres-settings.js';
import { retryWhileLocked } from './retry-while-locked.js';
import { assertSqliteSettings } from './sqlite-settings.js';

const LOCK_WAIT_MS = 10_000;

/** Options of `openDatabase`. */
export interface OpenDatabaseOptions extends DatabaseOptions {
  /** Accepts a PostgreSQL that may lose acknowledged writes; for throw-away installations. */
  readonly allowNonDurable?: boolean;
}

/**
 * Connects, migrates and checks that what is committed is safe. Throws `NonDurableDatabaseError` when it is not. The
 * caller destroys the data source.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DataSource> {
  const dataSource = createDataSource(options);
  await retryWhileLocked(LOCK_WAIT_MS, () => dataSource.initialize());
  try {
    await migrate(dataSource);
    if (options.location.type === 'sqlite') await assertSqliteSettings(dataSource);
    else if (options.allowNonDurable !== true) await assertPostgresSettings(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
