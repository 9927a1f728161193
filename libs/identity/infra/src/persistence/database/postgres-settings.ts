import type { ClientBase } from 'pg';
import { PostgresSession } from '../sql/postgres-session.js';

/**
 * Limits in milliseconds for how long the statement of a request runs and waits for a lock. Sequential scans are off,
 * because each statement has its index: left to itself, PostgreSQL would scan a small new table, and keep that plan of
 * a prepared statement while the table grows, until statistics are taken
 * (https://www.postgresql.org/docs/current/sql-prepare.html).
 */
const REQUEST_SESSION = {
  lock_timeout: '3000',
  statement_timeout: '4000',
  enable_seqscan: 'off',
  jit: 'off',
  // A transaction that its client has lost holds its locks for no longer than this, in milliseconds.
  idle_in_transaction_session_timeout: '5000',
};

/** Settings that the oldest supported version lacks, set where the server knows them: from version 17, 14 and 12 on. */
const LATER_SETTINGS = {
  transaction_timeout: '15000',
  client_connection_check_interval: '1000',
  tcp_user_timeout: '10000',
};

/** How instants are written, which a role or database may have otherwise. */
const INSTANTS = { DateStyle: 'ISO, MDY', TimeZone: 'UTC' };

const SET_LATER_SETTINGS =
  'SELECT set_config(name, value, false) FROM pg_settings JOIN (VALUES ' +
  `${Object.entries(LATER_SETTINGS)
    .map((setting) => `('${setting.join("', '")}')`)
    .join(', ')}) AS wanted (name, value) USING (name) ` +
  // Other systems refuse it: not all of them tell that a client has gone.
  "WHERE name <> 'client_connection_check_interval' OR version() LIKE '%linux%';";

/**
 * Sets up a new connection of a pool, and looks where it leads. By statements, since pgbouncer refuses most settings at
 * the start of a session.
 *
 * @throws `DatabaseNotReadyError` as `PostgresSession.check`.
 */
export async function preparePostgres(client: ClientBase): Promise<void> {
  await PostgresSession.of(client).check(set({ ...REQUEST_SESSION, ...INSTANTS }) + SET_LATER_SETTINGS);
}

function set(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = '${value}';`)
    .join(' ');
}

/**
 * Sets up a new connection to migrate with, whatever limits its role and database have. A statement may run for any
 * time, but waits for a lock for only 0.3 s: everybody who wants the same table waits behind it, and a look-up gives up
 * after 0.8 s.
 *
 * @throws `DatabaseNotReadyError` as `PostgresSession.check`.
 */
export async function prepareToMigrate(client: ClientBase): Promise<void> {
  await PostgresSession.of(client).check(
    set(INSTANTS) +
      "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '300' ELSE '0' END, false) FROM pg_settings " +
      "WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout', " +
      "'idle_in_transaction_session_timeout', 'idle_session_timeout');",
  );
}
