import type { DataSource } from 'typeorm';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { dialectOf } from '../tables/columns.js';

/** Settings without which a committed row may be lost (https://www.postgresql.org/docs/current/wal-reliability.html). */
const POSTGRES_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/** `synchronous` of SQLite: FULL, a sync to disk before each commit returns (https://sqlite.org/pragma.html). */
const SYNCHRONOUS_FULL = 2;

/** Journal modes in which a crash during a write may leave half of the write. */
const UNSAFE_JOURNALS: readonly unknown[] = ['memory', 'off'];

/** How long SQLite itself waits for a lock, in milliseconds. Short, because the whole process waits with it. */
export const BUSY_TIMEOUT_MS = 50;

/**
 * After how many pages in its log SQLite copies them into the database, within the commit that reaches them, and waits for
 * the disk. The process waits with it: with SQLite's 1000 that takes 8 to 30 ms.
 */
const WAL_AUTOCHECKPOINT = 200;

/** What a connection to SQLite gets: for durability and integrity, and so that no wait is long. */
const SQLITE_SETTINGS = {
  journal_mode: 'wal',
  synchronous: SYNCHRONOUS_FULL,
  foreign_keys: 1,
  busy_timeout: BUSY_TIMEOUT_MS,
  wal_autocheckpoint: WAL_AUTOCHECKPOINT,
} as const;

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

/**
 * The synchronous standbys of PostgreSQL that no commit waits for, because of `synchronous_commit = local`. A crash loses
 * nothing then, and a fail-over to one of them may.
 *
 * @param dataSource - initialized
 * @returns `synchronous_standby_names`; null where there are none, commits wait for them, or the database is another one
 */
export async function readUnawaitedStandbys(dataSource: DataSource): Promise<string | null> {
  if (dataSource.options.type !== 'postgres') return null;
  const [row] = await dataSource.query<[{ standbys: string }?]>(
    "SELECT current_setting('synchronous_standby_names') AS standbys WHERE current_setting('synchronous_commit') = 'local'",
  );
  return row?.standbys || null;
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

/**
 * Sets the pragmas that durability and integrity depend on, since builds of SQLite differ in their defaults.
 *
 * @param database - a new better-sqlite3 connection
 * @example
 * ```ts
 * new DataSource({ type: 'better-sqlite3', database: 'app.db', prepareDatabase: setSqlitePragmas });
 * ```
 */
export function setSqlitePragmas(database: { readonly pragma: (source: string) => unknown }): void {
  for (const [pragma, value] of Object.entries(SQLITE_SETTINGS)) database.pragma(`${pragma} = ${value}`);
}

/** Throws when the connection in use does not report the settings that were asked for. */
export async function assertSqliteSettings(dataSource: DataSource): Promise<void> {
  for (const [pragma, wanted] of Object.entries(SQLITE_SETTINGS)) {
    // busy_timeout names its column "timeout"; each of these pragmas answers one row of one column.
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`PRAGMA ${pragma}`);
    const [actual] = Object.values(row ?? {});
    if (actual !== wanted) throw new Error(`SQLite reports ${pragma} = ${String(actual)} instead of ${wanted}.`);
  }
}

/** Throws when SQLite does not enforce foreign keys, which keep a key and its member in one organization. */
export function assertForeignKeys(dataSource: DataSource): void {
  if (Number(sqliteConnection(dataSource).pragma('foreign_keys', { simple: true })) === 1) return;
  throw new Error('SQLite does not look at foreign keys on this connection: set `PRAGMA foreign_keys = ON`.');
}
