import type { ClientBase } from 'pg';
import type { DataSource } from 'typeorm';
import { NonDurableDatabaseError } from './non-durable-database-error.js';

/** Settings without which a committed row may be lost (https://www.postgresql.org/docs/current/wal-reliability.html). */
const DURABILITY = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

/**
 * A request's statement may run for so many milliseconds, and wait so long for a lock. Each of them has its index: left to
 * itself, PostgreSQL would read a young table whole, and go on with the plan of a prepared statement while the table grows,
 * until statistics are taken (https://www.postgresql.org/docs/current/sql-prepare.html).
 */
const SESSION = 'SET lock_timeout = 3000; SET statement_timeout = 4000; SET enable_seqscan = off; SET jit = off';

/** Sets up a new connection of a pool. By statements, since pgbouncer refuses most settings at the start of a session. */
export async function preparePostgres(client: ClientBase): Promise<void> {
  await client.query(SESSION);
}

/**
 * Sets up a new connection to migrate with, whatever limits its role and database have. A statement takes as long as it
 * takes, but waits for a lock for a second only: everybody who wants the same table waits behind it.
 */
export async function prepareToMigrate(client: ClientBase): Promise<void> {
  await client.query(
    "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '1000' ELSE '0' END, false) FROM pg_settings " +
      "WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout', " +
      "'idle_in_transaction_session_timeout', 'idle_session_timeout')",
  );
}

/** Throws `NonDurableDatabaseError` when the server answers a commit before it is safe on disk. */
export async function assertPostgresSettings(dataSource: DataSource): Promise<void> {
  const off: string[] = [];
  for (const setting of DURABILITY) {
    const [row] = await dataSource.query<[Record<string, unknown>?]>(`SHOW ${setting}`);
    if (row?.[setting] === 'off') off.push(setting);
  }
  if (off.length > 0) {
    throw new NonDurableDatabaseError('PostgreSQL', `${off.join(', ')} off`);
  }
}
