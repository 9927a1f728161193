import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import type { DatabaseLocation } from './database-url.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { identityEntities } from '../tables/tables.js';
import { preparePostgres, prepareToMigrate } from './postgres-settings.js';
import { BUSY_TIMEOUT_MS, setSqlitePragmas } from './durability.js';

const CONNECT_TIMEOUT_MS = 2000;

/** How long TypeORM waits for an answer of PostgreSQL while the service starts, in milliseconds. */
const QUERY_TIMEOUT_MS = 5000;

/** How long a connection is idle before the operating system checks that it is still alive, in milliseconds. */
const KEEP_ALIVE_AFTER_MS = 5000;

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
