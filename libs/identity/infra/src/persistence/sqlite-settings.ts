import type { Database } from 'better-sqlite3';
import type { DataSource } from 'typeorm';

/** How long SQLite itself waits for a lock, in milliseconds. Short, because the whole process waits with it. */
export const BUSY_TIMEOUT_MS = 50;

/** `synchronous`: 2 is FULL, a sync to disk before each commit returns (https://sqlite.org/pragma.html). */
const SETTINGS = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1, busy_timeout: BUSY_TIMEOUT_MS } as const;

/** Sets what durability and integrity depend on, on a new connection; builds of SQLite differ in their defaults. */
export function setSqlitePragmas(database: Database): void {
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
