import type { DataSource } from 'typeorm';
import { credentialStatement } from '../credentials/credential-source.js';
import { adviceOn, assertUndamaged, DatabaseNotReadyError, isSchemaMismatch, storageFailure } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { SqliteHealth } from '../sql/sqlite-health.js';
import { dialectOf } from '../tables/columns.js';
import { type TableNames, tableNamesOf } from '../tables/tables.js';
import { readAppliedMigrations } from './migrate.js';

type Privilege = 'INSERT' | 'UPDATE' | 'DELETE';

/**
 * What our statements do with each table, beside reading it. Changing and removing members, and deleting organizations,
 * take more. A host whose role has grants table by table goes on without that.
 */
const NEEDED: Readonly<Record<keyof TableNames, readonly Privilege[]>> = {
  organizations: ['INSERT', 'UPDATE'],
  members: ['INSERT'],
  apiKeys: ['INSERT', 'UPDATE'],
  apiKeySecrets: ['INSERT', 'UPDATE', 'DELETE'],
  bootstrap: ['INSERT'],
  auditEvents: ['INSERT'],
  jobLeases: ['INSERT', 'UPDATE'],
  useObservations: ['INSERT', 'UPDATE'],
  credentialLeases: ['INSERT', 'UPDATE', 'DELETE'],
  // The service alone writes it, at its start. A host whose role has grants table by table goes on without this one.
  keySettings: [],
  // The command line and the operator API alone write these.
  operatorKeys: [],
  operatorEvents: [],
  // The console alone writes these.
  consoleSessions: [],
  consoleLinks: [],
  // Only requests with keys that have a quota need it. A host with grants table by table stays ready without it.
  apiKeyQuotas: [],
  // Requests are served without it: their counts stay in memory, and the log says why.
  apiKeyUsageHours: [],
  apiKeyUsageDays: [],
  // The same for keys that have labels.
  apiKeyLabels: [],
};

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

/**
 * Checks that the role may write to our tables in PostgreSQL, by one look at its catalog.
 *
 * @param dataSource - initialized, for PostgreSQL; its tables exist
 * @throws DatabaseNotReadyError
 */
export async function assertPrivileges(dataSource: DataSource): Promise<void> {
  const names = tableNamesOf(dataSource);
  const needed = (Object.keys(NEEDED) as (keyof TableNames)[]).flatMap((table) =>
    NEEDED[table].map((privilege) => [names[table], privilege] as const),
  );
  // A grant of single columns counts for the whole table: what is missing in it shows in a statement.
  const text =
    "SELECT name || ' (' || string_agg(privilege, ', ') || ')' AS lacks " +
    'FROM unnest($1::text[], $2::text[]) AS needed (name, privilege) ' +
    "WHERE NOT CASE privilege WHEN 'DELETE' THEN has_table_privilege(name, privilege) " +
    'ELSE has_any_column_privilege(name, privilege) END GROUP BY name ORDER BY name';
  const values = [needed.map(([name]) => name), needed.map(([, privilege]) => privilege)];
  const rows = await PostgresPool.of(dataSource).query<{ lacks: string }>({ text, values });
  if (rows.length === 0) return;
  const lacks = rows.map((row) => row.lacks.replaceAll('"', '')).join(', ');
  throw new DatabaseNotReadyError(`The role may not write to: ${lacks}. Grant it these privileges.`);
}
