import type { ClientBase } from 'pg';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import type { DatabaseLocation } from './database-url.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { PostgresSession } from '../sql/postgres-session.js';
import { identityEntities } from '../tables/tables.js';
import { BUSY_TIMEOUT_MS, setSqlitePragmas } from './durability.js';

const CONNECT_TIMEOUT_MS = 2000;

/** How long TypeORM waits for an answer of PostgreSQL while the service starts, in milliseconds. */
const QUERY_TIMEOUT_MS = 5000;

/** How long a connection is idle before the operating system checks that it is still alive, in milliseconds. */
const KEEP_ALIVE_AFTER_MS = 5000;

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

/** How to reach the database. */
export interface DatabaseOptions {
  readonly location: DatabaseLocation;
  /** Most connections to PostgreSQL, at least 2. SQLite has one connection. */
  readonly poolSize: number;
  /** Receives every statement with its parameters, hashes among them. Default: nothing is logged. */
  readonly logger?: Logger;
}

/** A data source for the identity tables, not connected yet. Its schema comes from migrations alone. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options, { query_timeout: QUERY_TIMEOUT_MS, onConnect: preparePostgres }));
}

/** A data source that leaves a SQLite file as it is, down to its journal; fails where there is none. */
export function createReadOnlyDataSource(path: string): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: path,
    readonly: true,
    timeout: BUSY_TIMEOUT_MS,
    entities: identityEntities('better-sqlite3'),
    migrations: identityMigrations(),
  });
}

/** A data source to migrate with: building an index may take longer than a request would wait. */
export function createMigrationDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options, { onConnect: prepareToMigrate }));
}

function dataSourceOptions({ location, poolSize, logger }: DatabaseOptions, extra: object): DataSourceOptions {
  const shared = { migrations: identityMigrations(), ...(logger ? { logger, logging: true } : {}) };
  return location.type === 'sqlite'
    ? {
        ...shared,
        type: 'better-sqlite3',
        entities: identityEntities('better-sqlite3'),
        database: location.path,
        timeout: BUSY_TIMEOUT_MS,
        prepareDatabase: setSqlitePragmas,
      }
    : {
        ...shared,
        type: 'postgres',
        entities: identityEntities('postgres'),
        url: location.url,
        poolSize,
        connectTimeoutMS: CONNECT_TIMEOUT_MS,
        installExtensions: false,
        extra: { keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS, ...extra },
      };
}

/**
 * Sets up a new connection of a pool, and looks where it leads. By statements, since pgbouncer refuses most settings at
 * the start of a session.
 *
 * @throws `DatabaseNotReadyError` as `PostgresSession.check`.
 */
async function preparePostgres(client: ClientBase): Promise<void> {
  await PostgresSession.of(client).check(set({ ...REQUEST_SESSION, ...INSTANTS }) + SET_LATER_SETTINGS);
}

/**
 * Sets up a new connection to migrate with, whatever limits its role and database have. A statement may run for any
 * time, but waits for a lock for only 0.3 s: everybody who wants the same table waits behind it, and a look-up gives up
 * after 0.8 s.
 *
 * @throws `DatabaseNotReadyError` as `PostgresSession.check`.
 */
async function prepareToMigrate(client: ClientBase): Promise<void> {
  await PostgresSession.of(client).check(
    set(INSTANTS) +
      "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '300' ELSE '0' END, false) FROM pg_settings " +
      "WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout', " +
      "'idle_in_transaction_session_timeout', 'idle_session_timeout');",
  );
}

function set(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = '${value}';`)
    .join(' ');
}
