import type { DataSource } from 'typeorm';
import { PostgresPool } from './postgres-pool.js';
import { retryWhileLocked } from './retry-while-locked.js';

/** How long a start waits for another process that migrates the same SQLite file, in milliseconds. */
const LOCK_WAIT_MS = 30_000;

/** Key of PostgreSQL's advisory lock; any number, the same in every instance. */
const ADVISORY_LOCK = 7_310_482_211;

/** Brings the schema up to date. Of several processes that start at once one migrates and the others wait for it. */
export async function migrate(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'postgres') await migratePostgres(dataSource);
  else await retryWhileLocked(LOCK_WAIT_MS, () => migrateSqlite(dataSource));
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(dataSource: DataSource): Promise<boolean> {
  const text = 'SELECT name FROM migrations';
  const rows =
    dataSource.options.type === 'postgres'
      ? await PostgresPool.of(dataSource).query<{ name: string }>({ text, values: [] })
      : await dataSource.query<{ name: string }[]>(text);
  const applied = new Set(rows.map((row) => row.name));
  return dataSource.migrations.every((migration) => applied.has(migration.name ?? ''));
}

async function migratePostgres(dataSource: DataSource): Promise<void> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    // Where it fails the session is gone, and its lock with it.
    await queryRunner.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK]).catch(() => undefined);
    await queryRunner.release();
  }
}

/** The connection is the migration's own, so TypeORM may take its time. Its own transaction locks too late. */
async function migrateSqlite(dataSource: DataSource): Promise<void> {
  await dataSource.query('BEGIN IMMEDIATE');
  try {
    await dataSource.runMigrations({ transaction: 'none' });
    await dataSource.query('COMMIT');
  } catch (error) {
    // It fails where SQLite has rolled back already.
    await dataSource.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
