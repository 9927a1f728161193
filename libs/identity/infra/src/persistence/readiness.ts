import type { DataSource } from 'typeorm';
import { DatabaseNotReadyError } from './database-not-ready-error.js';
import { dialectOf } from './dialect.js';
import { isMigrated } from './migrate.js';
import { PostgresPool } from './postgres-pool.js';
import { SqliteHealth } from './sqlite-health.js';
import { adviceOn } from './storage-error.js';
import { assertUndamaged, storageFailure } from './storage-failure.js';

/**
 * Checks that requests can be served from this database.
 *
 * @throws `DatabaseNotReadyError` with the reason, in words that may be shown to anybody; the driver's error where the
 * database does not answer.
 */
export async function assertReady(dataSource: DataSource): Promise<void> {
  try {
    await assertUsable(dataSource);
    if (!(await isMigrated(dataSource))) throw new DatabaseNotReadyError('The database is not migrated.');
  } catch (error) {
    throw reasonOf(dataSource, error);
  }
}

function reasonOf(dataSource: DataSource, error: unknown): unknown {
  storageFailure(dataSource, error);
  const advice = adviceOn(error);
  return advice === undefined ? error : new DatabaseNotReadyError(advice, { cause: error });
}

/** Checks what can be told of a database without its tables. @throws `DatabaseNotReadyError` */
export async function assertUsable(dataSource: DataSource): Promise<void> {
  if (dialectOf(dataSource.options.type) === 'better-sqlite3') {
    assertSqliteSound(dataSource);
    return;
  }
  assertUndamaged(dataSource);
  await PostgresPool.of(dataSource).assertUsable();
}

/** Throws where the SQLite file was replaced, or a statement has found it damaged since the connection was opened. */
function assertSqliteSound(dataSource: DataSource): void {
  const fault = SqliteHealth.of(dataSource).fault();
  if (fault !== undefined) throw new DatabaseNotReadyError(fault.reason);
}
