import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import type { DatabaseLocation } from './database-url.js';
import { identityEntities } from './entities.js';
import { identityMigrations } from './identity-migrations.js';
import { BUSY_TIMEOUT_MS, setSqlitePragmas } from './sqlite-settings.js';

const CONNECT_TIMEOUT_MS = 2000;

/** Bounds of a request's statement on PostgreSQL, in milliseconds: its locks, its run, and the wait for its answer. */
const STATEMENT_LIMITS = { lock_timeout: 3000, statement_timeout: 4000, query_timeout: 5000 };

/**
 * Every statement of a request has its index. PostgreSQL would read a young table whole instead, and go on with that plan
 * of a prepared statement while the table grows, until statistics are taken (https://www.postgresql.org/docs/current/sql-prepare.html).
 */
const PLANNING = { options: '-c enable_seqscan=off -c jit=off' };

/** How to reach the database. */
export interface DatabaseOptions {
  readonly location: DatabaseLocation;
  /** Connections of the PostgreSQL pool, at least 2; SQLite has one. */
  readonly poolSize: number;
  /** Receives every statement; without it nothing is logged, since parameters hold hashes. */
  readonly logger?: Logger;
}

/** A data source for the identity tables, not connected yet. Its schema comes from migrations alone. */
export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options, { ...STATEMENT_LIMITS, ...PLANNING }));
}

/** A data source to migrate with: building an index may take longer than a request would wait. */
export function createMigrationDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options, {}));
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
        extra,
      };
}
