import type { DataSource } from 'typeorm';
import { NonDurableDatabaseError } from './non-durable-database-error.js';
import { sqliteConnection } from './sqlite-database.js';

/** How long SQLite itself waits for a lock, in milliseconds. Short, because the whole process waits with it. */
export const BUSY_TIMEOUT_MS = 50;

/** `synchronous`: 2 is FULL, a sync to disk before each commit returns (https://sqlite.org/pragma.html). */
const SETTINGS = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, busy_timeout: BUSY_TIMEOUT_MS } as const;

/** Where a crash in the middle of a write may leave half of it. */
const UNSAFE_JOURNALS: readonly unknown[] = ['memory', 'off'];

/**
 * Sets what durability and integrity depend on, on a new connection; builds of SQLite differ in their defaults. For the
 * `prepareDatabase` of a data source.
 */
export function setSqlitePragmas(database: { readonly pragma: (source: string) => unknown }): void {
  for (const [pragma, value] of Object.entries(SETTINGS)) database.pragma(`${pragma} = ${value}`);
}

/** Throws when the connection in use does not report the settings that were asked for. */
export async function assertSqliteSettings(dataSource: DataSource): Promise<void> {
  for (const [pragma, wanted] of Object.entries(SETTINGS)) {
    // busy_timeout names its column "timeout"; each of these pragmas answers one row of one column.
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`PRAGMA ${pragma}`);
    const [actual] = Object.values(row ?? {});
    if (actual !== wanted) throw new Error(`SQLite reports ${pragma} = ${String(actual)} instead of ${wanted}.`);
  }
}

/** Throws `NonDurableDatabaseError` when a commit returns before it is safe on disk. */
export function assertSqliteDurability(dataSource: DataSource): void {
  const database = sqliteConnection(dataSource);
  const journal = database.pragma('journal_mode', { simple: true });
  const synchronous = Number(database.pragma('synchronous', { simple: true }));
  if (synchronous < SETTINGS.synchronous) throw new NonDurableDatabaseError('SQLite', `synchronous = ${synchronous}`);
  if (!UNSAFE_JOURNALS.includes(journal)) return;
  throw new NonDurableDatabaseError('SQLite', `journal_mode = ${String(journal)}`);
}

/** Throws when SQLite does not look at foreign keys, which keep a key and its member in one organization. */
export function assertForeignKeys(dataSource: DataSource): void {
  if (Number(sqliteConnection(dataSource).pragma('foreign_keys', { simple: true })) === 1) return;
  throw new Error('SQLite does not look at foreign keys on this connection: set `PRAGMA foreign_keys = ON`.');
}
