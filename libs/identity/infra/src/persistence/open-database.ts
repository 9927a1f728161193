import { existsSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  createMigrationDataSource,
  createReadOnlyDataSource,
  type DatabaseOptions,
} from './data-source.js';
import { assertNotNewer, hasMigrations, isMigrated } from './applied-migrations.js';
import { migrate } from './migrate.js';
import { NotMigratedError } from './not-migrated-error.js';
import { assertUsable } from './readiness.js';
import { assertPostgresSettings } from './postgres-settings.js';
import { retryWhileLocked } from './retry-while-locked.js';
import { assertUsablePath } from './sqlite-path.js';
import { assertSqliteSettings } from './sqlite-settings.js';

const LOCK_WAIT_MS = 10_000;

/** Options of `openDatabase`. */
export interface OpenDatabaseOptions extends DatabaseOptions {
  /** Accepts a PostgreSQL that may lose acknowledged writes; for throw-away installations. */
  readonly allowNonDurable?: boolean;
  /** Where false, a database that is not there or not migrated stays as it is, and `NotMigratedError` is thrown. */
  readonly migrates?: boolean;
}

/**
 * Migrates, connects and checks that what is committed is safe. Throws `NonDurableDatabaseError` when it is not, and
 * `UnusableFileError` for a SQLite file that cannot be written,
 * and `NewerDatabaseError` where a newer version has removed what this one needs. The caller destroys the data source.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DataSource> {
  const { location, migrates = true } = options;
  if (migrates) await bringUpToDate(options);
  else await assertMigrated(options);
  const dataSource = await connect(createDataSource(options));
  try {
    await assertUsable(dataSource);
    if (location.type === 'sqlite') await assertSqliteSettings(dataSource);
    else if (options.allowNonDurable !== true) await assertPostgresSettings(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

async function bringUpToDate(options: DatabaseOptions): Promise<void> {
  if (options.location.type === 'sqlite') assertUsablePath(options.location.path);
  const migrator = await connect(createMigrationDataSource(options));
  try {
    // Before the first lock and statement, which a pooler may give to sessions of others, and a standby refuses.
    await assertUsable(migrator);
    await migrate(migrator);
  } finally {
    await migrator.destroy();
  }
}

/** By a connection of its own: one that the service works with would create a SQLite file, or change its journal. */
async function assertMigrated(options: DatabaseOptions): Promise<void> {
  const { location } = options;
  if (location.type === 'sqlite' && !existsSync(location.path)) throw new NotMigratedError();
  const reader = location.type === 'sqlite' ? createReadOnlyDataSource(location.path) : createDataSource(options);
  await connect(reader);
  try {
    await assertNotNewer(reader);
    if (!(await hasMigrations(reader)) || !(await isMigrated(reader))) throw new NotMigratedError();
  } finally {
    await reader.destroy();
  }
}

/** Turning on WAL needs SQLite's lock, which another process that starts may hold. */
function connect(dataSource: DataSource): Promise<DataSource> {
  return retryWhileLocked(LOCK_WAIT_MS, () => dataSource.initialize());
}
