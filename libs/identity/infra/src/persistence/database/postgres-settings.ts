import type { ClientBase } from 'pg';
import { PostgresSession } from '../sql/postgres-session.js';

/**
 * A request's statement may run for so many milliseconds, and wait so long for a lock. Each of them has its index: left to
 * itself, PostgreSQL would read a young table whole, and go on with the plan of a prepared statement while the table grows,
 * until statistics are taken (https://www.postgresql.org/docs/current/sql-prepare.html).
 */
const REQUEST_SESSION = {
  lock_timeout: '3000',
  statement_timeout: '4000',
  enable_seqscan: 'off',
  jit: 'off',
  // A transaction that its client has lost holds its locks for no longer than this, in milliseconds.
  idle_in_transaction_session_timeout: '5000',
};

/** Of later versions than the oldest that is supported, so set where they are known: from 17, 14 and 12 on. */
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
 * Sets up a new connection to migrate with, whatever limits its role and database have. A statement takes as long as it
 * takes, but waits for a lock for 0.3 s only: everybody who wants the same table waits behind it, and a look-up gives up
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
