import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { IndexMigration } from '../migrations/index-migration.js';
import { isPostgresLockTimeout } from '../sql/errors.js';
import { retryWhileLocked } from '../sql/sqlite.js';
import { assertNotNewer } from './applied-migrations.js';

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

/**
 * Brings the schema up to date. Of several processes that start at once one migrates and the others wait for it.
 *
 * @throws `NewerDatabaseError` where a newer version has removed what this one needs.
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
    await assertNotNewer(dataSource);
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
    await assertNotNewer(dataSource);
    await dataSource.runMigrations({ transaction: 'none' });
    await dataSource.query('COMMIT');
  } catch (error) {
    // It fails where SQLite has rolled back already.
    await dataSource.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
