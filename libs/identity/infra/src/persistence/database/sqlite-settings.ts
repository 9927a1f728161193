import type { DataSource } from 'typeorm';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { SYNCHRONOUS_FULL } from './durability.js';

/** How long SQLite itself waits for a lock, in milliseconds. Short, because the whole process waits with it. */
export const BUSY_TIMEOUT_MS = 50;

const SETTINGS = {
  journal_mode: 'wal',
  synchronous: SYNCHRONOUS_FULL,
  foreign_keys: 1,
  busy_timeout: BUSY_TIMEOUT_MS,
} as const;

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

/** Throws when SQLite does not enforce foreign keys, which keep a key and its member in one organization. */
export function assertForeignKeys(dataSource: DataSource): void {
  if (Number(sqliteConnection(dataSource).pragma('foreign_keys', { simple: true })) === 1) return;
  throw new Error('SQLite does not look at foreign keys on this connection: set `PRAGMA foreign_keys = ON`.');
}
