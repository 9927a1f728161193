import type { DataSource } from 'typeorm';
import { isMigrated } from './migrate.js';

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
  if (!(await isMigrated(dataSource))) throw new DatabaseNotReadyError('The database is not migrated.');
}
