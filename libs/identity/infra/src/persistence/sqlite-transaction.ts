import type { SqliteConnection } from './sqlite-connection.js';

/**
 * Runs `work` under SQLite's write lock, taken before the first look at the data, and from the first statement to the
 * last without a turn of the event loop: the application writes on this very connection, and what it sent meanwhile would
 * be part of the transaction, or end it.
 */
export function inSqliteTransaction<T>(connection: SqliteConnection, work: () => T): T {
  run(connection, 'BEGIN IMMEDIATE');
  try {
    const result = work();
    run(connection, 'COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself where the disk is full.
    if (connection.inTransaction) run(connection, 'ROLLBACK');
    throw error;
  }
}

/** Runs `work` in an open transaction so that a failure undoes it alone. */
export function inSqliteSavepoint<T>(connection: SqliteConnection, work: () => T): T {
  run(connection, 'SAVEPOINT write');
  try {
    const result = work();
    run(connection, 'RELEASE write');
    return result;
  } catch (error) {
    if (connection.inTransaction) run(connection, 'ROLLBACK TO write');
    throw error;
  }
}

function run(connection: SqliteConnection, text: string): void {
  connection.execute({ text, values: [] });
}
