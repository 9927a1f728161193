import type { DataSource } from 'typeorm';
import { dialectOf } from './dialect.js';
import { isMigrated } from './migrate.js';
import { SqliteHealth } from './sqlite-health.js';

/** Why a database cannot serve requests at the moment. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';
}

/**
 * Checks that requests can be served from this database.
 *
 * @throws `DatabaseNotReadyError` with the reason, in words that may be shown to anybody; the driver's error where the
 * database does not answer.
 */
export async function assertReady(dataSource: DataSource): Promise<void> {
  assertSqliteSound(dataSource);
  if (!(await isMigrated(dataSource))) throw new DatabaseNotReadyError('The database is not migrated.');
}

/** Throws where the SQLite file was replaced, or a statement has found it damaged since the connection was opened. */
function assertSqliteSound(dataSource: DataSource): void {
  if (dialectOf(dataSource.options.type) !== 'better-sqlite3') return;
  const fault = SqliteHealth.of(dataSource).fault();
  if (fault !== undefined) throw new DatabaseNotReadyError(fault.reason);
}
