import type { DataSource } from 'typeorm';

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
