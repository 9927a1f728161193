import type { DataSource } from 'typeorm';
import { readAppliedMigrations } from './applied-migrations.js';
import { credentialStatement } from './credentials/credential-row.js';
import { isSchemaMismatch } from './storage-error.js';
import { tableNamesOf } from './table-names.js';

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
  await assertMigrated(dataSource);
  await assertLooksUp(dataSource);
}

async function assertMigrated(dataSource: DataSource): Promise<void> {
  const { isComplete, contracting } = await readAppliedMigrations(dataSource);
  if (!isComplete) throw new DatabaseNotReadyError('The database is not migrated.');
  if (contracting.length === 0) return;
  throw new DatabaseNotReadyError('The database was migrated by a newer version, which removed what this one needs.');
}

/** Looks for a key as a verification does, by a public part that no key has. */
async function assertLooksUp(dataSource: DataSource): Promise<void> {
  const isPostgres = dataSource.options.type === 'postgres';
  const text = credentialStatement(tableNamesOf(dataSource), isPostgres ? '= ANY($1)' : '= ?');
  try {
    await dataSource.query(text, [isPostgres ? [''] : '']);
  } catch (error) {
    if (!isSchemaMismatch(error)) throw error;
    throw new DatabaseNotReadyError('Keys cannot be looked up: a table or column is missing, or may not be read.');
  }
}
