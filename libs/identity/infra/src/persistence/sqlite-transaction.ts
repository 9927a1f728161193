import type { Database } from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';

/** The connection that TypeORM has to SQLite. */
export function sqliteConnection(dataSource: DataSource): Database {
  return (dataSource.driver as BetterSqlite3Driver).databaseConnection as Database;
}

/**
 * Runs `work` under SQLite's write lock, taken before the first look at the data. TypeORM's own `transaction` will not
 * do: when SQLite has rolled back by itself (disk full, I/O error) it goes on believing that one is open, and from then
 * on acknowledges writes that are never committed.
 */
export async function inSqliteTransaction<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  await dataSource.query('BEGIN IMMEDIATE');
  try {
    const result = await work();
    await dataSource.query('COMMIT');
    return result;
  } catch (error) {
    // It fails where SQLite has rolled back already. Should one stay open all the same, the next BEGIN fails aloud.
    await dataSource.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Runs `work` in an open transaction so that a failure undoes it alone. */
export async function inSqliteSavepoint<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  await dataSource.query('SAVEPOINT write');
  try {
    const result = await work();
    await dataSource.query('RELEASE write');
    return result;
  } catch (error) {
    if (sqliteConnection(dataSource).inTransaction) await dataSource.query('ROLLBACK TO write');
    throw error;
  }
}
