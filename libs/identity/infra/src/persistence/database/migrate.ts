import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { IndexMigration } from '../migrations/index-migration.js';
import { isPostgresLockTimeout } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { retryWhileLocked } from '../sql/sqlite.js';
import { quotedPath } from '../tables/tables.js';
import { assertNoHostTables } from './host-tables.js';

/** Our migrations: `ExpandIdentityNotes1999000000000`, or with names of tables `ExpandIdentityNotes(auth_*)1999000000000`. */
const OUR_NAME = /^(?:Expand|Contract)Identity[^(]*(\(.*\))?\d{13}$/;
const FIRST_NAME = /^CreateIdentityTables(\(.*\))?\d{13}$/;

/** How long a start waits for another process that migrates the same SQLite file, in milliseconds. */
const LOCK_WAIT_MS = 30_000;

/** Key of PostgreSQL's advisory lock; any number, the same in every instance. */
const ADVISORY_LOCK = 7_310_482_211;

/** Between two looks for that lock, in milliseconds. */
const LOOK_MS = 100;

/** How long a migration that does not get the lock of a table is tried again, in milliseconds. */
const TABLE_WAIT_MS = 300_000;

/** Pause before it is tried again, in milliseconds, in which the requests that waited behind it are served. */
const TABLE_PAUSE_MS = 500;

/** Thrown when a newer version has removed tables or columns from the database that this version needs. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';

  constructor(migrations: readonly string[]) {
    super(
      `The database was migrated by a newer version, which removed what this one needs (${migrations.join(', ')}). ` +
        'Run that version, or restore a backup from before it.',
    );
  }
}

/** What keeps a database from being used without migrating it. */
export type NotMigratedState = 'missing' | 'empty' | 'older';

const NOT_MIGRATED: Readonly<Record<NotMigratedState, string>> = {
  missing: 'does not exist',
  empty: 'has no tables of this program',
  older: 'is older than this version',
};

/** Thrown when a database is opened without migrating it, and it does not exist or lacks migrations. */
export class NotMigratedError extends Error {
  override readonly name = 'NotMigratedError';

  constructor(
    /** What keeps it from being used. */
    readonly state: NotMigratedState,
  ) {
    super(`The database ${NOT_MIGRATED[state]}.`);
  }
}

/** How the migrations that a database has compare with those that this version knows. */
export interface AppliedMigrations {
  /** Whether the database has every migration of this version. */
  readonly isComplete: boolean;
  /** Names of newer migrations that only add. This version works beside them. */
  readonly expanding: readonly string[];
  /** Names of newer migrations that remove what this version needs. */
  readonly contracting: readonly string[];
}

/**
 * Compares the database's migrations with this version's.
 *
 * @param dataSource - initialized, with `identityMigrations` among its migrations
 * @throws the driver's error where the table of migrations does not exist
 */
export async function readAppliedMigrations(dataSource: DataSource): Promise<AppliedMigrations> {
  return compareMigrations(dataSource, await readRecordedMigrations(dataSource));
}

/** The names in the table of migrations: those of the application, and of other installations in this database, too. */
async function readRecordedMigrations(dataSource: DataSource): Promise<string[]> {
  const text = `SELECT name FROM ${migrationsTable(dataSource)}`;
  const rows =
    dataSource.options.type === 'postgres'
      ? await PostgresPool.of(dataSource).query<{ name: string }>({ text, values: [] })
      : await dataSource.query<{ name: string }[]>(text);
  return rows.map((row) => row.name);
}

function compareMigrations(dataSource: DataSource, applied: readonly string[]): AppliedMigrations {
  const known = dataSource.migrations.map(({ name = '' }) => name);
  const tables = known.map((name) => FIRST_NAME.exec(name)).find((match) => match !== null)?.[1];
  const newer = applied.filter((name) => {
    const match = OUR_NAME.exec(name);
    return match !== null && match[1] === tables && !known.includes(name);
  });
  return {
    isComplete: known.every((name) => applied.includes(name)),
    expanding: newer.filter((name) => name.startsWith('Expand')),
    contracting: newer.filter((name) => name.startsWith('Contract')),
  };
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(dataSource: DataSource): Promise<boolean> {
  return (await readAppliedMigrations(dataSource)).isComplete;
}

/** Whether any migration has been applied. */
export async function hasMigrations(dataSource: DataSource): Promise<boolean> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await queryRunner.hasTable(pathOfMigrations(dataSource));
  } finally {
    await queryRunner.release();
  }
}

/**
 * Throws `NewerDatabaseError` for a database from which a newer version has removed what this one needs, and
 * `HostTablesError` for one in which an application keeps identity tables under other names.
 */
export async function assertOurs(dataSource: DataSource): Promise<void> {
  const recorded = (await hasMigrations(dataSource)) ? await readRecordedMigrations(dataSource) : [];
  const { contracting } = compareMigrations(dataSource, recorded);
  if (contracting.length > 0) throw new NewerDatabaseError(contracting);
  await assertNoHostTables(dataSource, recorded);
}

/** Where TypeORM records the migrations of this data source. */
function pathOfMigrations({ options, driver }: DataSource): string {
  const schema = options.type === 'postgres' ? options.schema : undefined;
  return driver.buildTableName(options.migrationsTableName ?? 'migrations', schema);
}

function migrationsTable(dataSource: DataSource): string {
  return quotedPath(dataSource, pathOfMigrations(dataSource));
}

/**
 * Brings the schema up to date. Of several processes that start at once one migrates and the others wait for it.
 *
 * @throws `NewerDatabaseError` where a newer version has removed what this one needs, `HostTablesError` where an
 * application keeps identity tables under other names
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'postgres') await migratePostgres(dataSource);
  else await retryWhileLocked(LOCK_WAIT_MS, () => migrateSqlite(dataSource));
}

async function migratePostgres(dataSource: DataSource): Promise<void> {
  // An index is built outside of a transaction; every other migration has one of its own, and none is half done.
  for (const migration of dataSource.migrations) {
    if (migration instanceof IndexMigration) migration.transaction = false;
  }
  const queryRunner = dataSource.createQueryRunner();
  try {
    await lock(queryRunner);
    await assertOurs(dataSource);
    await retryWhileTablesAreLocked(() => dataSource.runMigrations({ transaction: 'each' }));
  } finally {
    // Where it fails the session is gone, and its lock with it.
    await queryRunner.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK]).catch(() => undefined);
    await queryRunner.release();
  }
}

/** By looking again: an index that is built concurrently would wait for a statement that waits for this lock. */
async function lock(queryRunner: QueryRunner): Promise<void> {
  for (;;) {
    const [row] = (await queryRunner.query('SELECT pg_try_advisory_lock($1) AS locked', [ADVISORY_LOCK])) as [
      { locked: boolean },
    ];
    if (row.locked) return;
    await sleep(LOOK_MS);
  }
}

/** A statement that waits for a table holds up everybody who comes after it: it gives up soon (`lock_timeout`). */
async function retryWhileTablesAreLocked(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + TABLE_WAIT_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!isPostgresLockTimeout(error) || performance.now() >= deadline) throw error;
      await sleep(TABLE_PAUSE_MS);
    }
  }
}

/** The connection is the migration's own, so TypeORM may take its time. Its own transaction locks too late. */
async function migrateSqlite(dataSource: DataSource): Promise<void> {
  await dataSource.query('BEGIN IMMEDIATE');
  try {
    await assertOurs(dataSource);
    await dataSource.runMigrations({ transaction: 'none' });
    await dataSource.query('COMMIT');
  } catch (error) {
    // It fails where SQLite has rolled back already.
    await dataSource.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
