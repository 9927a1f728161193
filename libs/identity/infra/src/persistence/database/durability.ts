import type { DataSource } from 'typeorm';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { dialectOf } from '../tables/columns.js';

/** Settings without which a committed row may be lost (https://www.postgresql.org/docs/current/wal-reliability.html). */
const POSTGRES_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** `synchronous` of SQLite: FULL, a sync to disk before each commit returns (https://sqlite.org/pragma.html). */
export const SYNCHRONOUS_FULL = 2;

/** Journal modes in which a crash during a write may leave half of the write. */
const UNSAFE_JOURNALS: readonly unknown[] = ['memory', 'off'];

/** Thrown when the database may lose an acknowledged write. The message names the settings. */
export class NonDurableDatabaseError extends Error {
  override readonly name = 'NonDurableDatabaseError';

  constructor(database: string, settings: string) {
    super(`${database} runs with ${settings}, so keys could be lost after they were handed out.`);
  }
}

/**
 * Checks that the settings of a data source cannot lose a key after it was handed out. For SQLite,
 * `prepareDatabase: setSqlitePragmas` sets what is needed; TypeORM's `enableWAL` alone does not.
 *
 * @param dataSource - initialized
 * @throws NonDurableDatabaseError
 */
export async function checkDurability(dataSource: DataSource): Promise<void> {
  if (dialectOf(dataSource.options.type) === 'postgres') await assertPostgresDurability(dataSource);
  else assertSqliteDurability(dataSource);
}

/** Throws `NonDurableDatabaseError` when the server answers a commit before it is safe on disk. */
export async function assertPostgresDurability(dataSource: DataSource): Promise<void> {
  const off: string[] = [];
  for (const setting of POSTGRES_SETTINGS) {
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`SHOW ${setting}`);
    if (row?.[setting] === 'off') off.push(setting);
  }
  if (off.length > 0) {
    throw new NonDurableDatabaseError('PostgreSQL', `${off.join(', ')} off`);
  }
}

/** Throws `NonDurableDatabaseError` when a commit returns before it is safe on disk. */
function assertSqliteDurability(dataSource: DataSource): void {
  const database = sqliteConnection(dataSource);
  const journal = database.pragma('journal_mode', { simple: true });
  const synchronous = Number(database.pragma('synchronous', { simple: true }));
  if (synchronous < SYNCHRONOUS_FULL) throw new NonDurableDatabaseError('SQLite', `synchronous = ${synchronous}`);
  if (!UNSAFE_JOURNALS.includes(journal)) return;
  throw new NonDurableDatabaseError('SQLite', `journal_mode = ${String(journal)}`);
}
