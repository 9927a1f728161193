import type { DataSource } from 'typeorm';
import { credentialStatement } from '../credentials/credential-source.js';
import { adviceOn, assertUndamaged, DatabaseNotReadyError, isSchemaMismatch, storageFailure } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { SqliteHealth } from '../sql/sqlite-health.js';
import { dialectOf } from '../tables/columns.js';
import { readAppliedMigrations } from './migrate.js';
import { assertPrivileges } from './privileges.js';

/**
 * Checks that requests can be served from this database: it is reachable, undamaged, migrated and writable, and a key can
 * be looked up.
 *
 * @param dataSource - initialized
 * @throws DatabaseNotReadyError with a reason that may be shown to anybody
 * @throws the driver's error when the database does not answer
 */
export async function assertReady(dataSource: DataSource): Promise<void> {
  try {
    await assertUsable(dataSource);
    await assertMigrated(dataSource);
    await assertLooksUp(dataSource);
    await assertWritable(dataSource);
  } catch (error) {
    throw reasonOf(dataSource, error);
  }
}

function reasonOf(dataSource: DataSource, error: unknown): unknown {
  storageFailure(dataSource, error);
  const advice = adviceOn(error);
  return advice === undefined ? error : new DatabaseNotReadyError(advice, { cause: error });
}

/**
 * Checks a database without reading its tables.
 *
 * @throws DatabaseNotReadyError
 */
export async function assertUsable(dataSource: DataSource): Promise<void> {
  if (dialectOf(dataSource.options.type) === 'better-sqlite3') {
    assertSqliteSound(dataSource);
    return;
  }
  assertUndamaged(dataSource);
  await PostgresPool.of(dataSource).assertUsable();
}

/**
 * Checks that rows can be written: on PostgreSQL, whether the role may. On SQLite it tries again what failed last.
 *
 * @throws DatabaseNotReadyError, or the driver's error of the failed write
 */
export async function assertWritable(dataSource: DataSource): Promise<void> {
  if (dialectOf(dataSource.options.type) === 'postgres') await assertPrivileges(dataSource);
  else SqliteHealth.of(dataSource).assertWritable();
}

/** Throws when the SQLite file was replaced, or a statement has found it damaged since the connection was opened. */
function assertSqliteSound(dataSource: DataSource): void {
  const fault = SqliteHealth.of(dataSource).fault();
  if (fault !== undefined) throw new DatabaseNotReadyError(fault.reason);
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
  const text = credentialStatement(dataSource, isPostgres ? '= ANY($1)' : '= ?');
  try {
    if (isPostgres) await PostgresPool.of(dataSource).query({ text, values: [['']] });
    else await dataSource.query(text, ['']);
  } catch (error) {
    if (!isSchemaMismatch(error)) throw error;
    throw new DatabaseNotReadyError('Keys cannot be looked up: a table or column is missing, or may not be read.');
  }
}
