import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { ApiKeyRow } from '../tables/api-keys.js';
import { AuditEventRow } from '../tables/audit-events.js';
import { OrganizationRow } from '../tables/organizations.js';
import { tablePathsOf } from '../tables/tables.js';
import { hasMigrations, readAppliedMigrations } from './migrate.js';
import { isSchemaMismatch, isSqliteDamaged } from '../sql/errors.js';
import { assertIntact, BackupError, damaged, missing } from './backup.js';
import { createMigrationDataSource, createReadOnlyDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { countByPepper, type PepperUsage } from './secret-usage.js';

/** What a database holds, to be compared with what is expected of it after a restore. */
export interface StoredData {
  /** `older` is migrated by the next start. `newer` lacks what this version needs. */
  readonly schema: 'current' | 'older' | 'newer';
  readonly organizations: number;
  /** Keys that are not revoked. */
  readonly apiKeys: number;
  /** When the newest event of the audit log happened; null without one. */
  readonly lastEventAt: Date | null;
  /** The peppers that secrets depend on; null where that shows only after the migration. */
  readonly peppers: readonly PepperUsage[] | null;
  /** Whether this SQLite file may lack what was written last: it was copied without the `-wal` file beside it. */
  readonly mayLackLatest: boolean;
}

/**
 * Reads what a database holds and changes nothing in it. Reads all rows, on a connection without time limits.
 *
 * @param at - secrets and keys that have expired by then do not count for `peppers`
 * @throws BackupError when there is no database of ours, and when a SQLite file is damaged
 */
export async function inspectDatabase(location: DatabaseLocation, at: Date): Promise<StoredData> {
  if (location.type === 'sqlite' && !existsSync(location.path)) throw missing(location.path);
  // Before it is opened: that makes a -wal file.
  const mayLackLatest = location.type === 'sqlite' && lacksJournal(location.path);
  try {
    return { ...(await read(location, at)), mayLackLatest };
  } catch (error) {
    throw location.type === 'sqlite' && isSqliteDamaged(error) ? damaged(location.path, 'it cannot be read') : error;
  }
}

async function read(location: DatabaseLocation, at: Date): Promise<Omit<StoredData, 'mayLackLatest'>> {
  const dataSource = await (
    location.type === 'sqlite'
      ? createReadOnlyDataSource(location.path)
      : createMigrationDataSource({ location, poolSize: 2 })
  ).initialize();
  try {
    if (location.type === 'sqlite') assertIntact(dataSource, location.path);
    if (!(await hasMigrations(dataSource)))
      throw new BackupError(`${nameOf(location)} holds no Feather Identity data.`);
    return await contentsOf(dataSource, at);
  } finally {
    await dataSource.destroy();
  }
}

async function contentsOf(dataSource: DataSource, at: Date): Promise<Omit<StoredData, 'mayLackLatest'>> {
  const { isComplete, contracting } = await readAppliedMigrations(dataSource);
  return {
    schema: contracting.length > 0 ? 'newer' : isComplete ? 'current' : 'older',
    organizations: await dataSource.createQueryBuilder(OrganizationRow, 'organization').getCount(),
    apiKeys: await dataSource.createQueryBuilder(ApiKeyRow, 'apiKey').where('apiKey.revokedAt IS NULL').getCount(),
    lastEventAt: await lastEventAt(dataSource),
    peppers: await peppersOf(dataSource, at),
  };
}

async function peppersOf(dataSource: DataSource, at: Date): Promise<PepperUsage[] | null> {
  try {
    return await countByPepper(dataSource, at);
  } catch (error) {
    // A column of a later version.
    if (isSchemaMismatch(error)) return null;
    throw error;
  }
}

async function lastEventAt(dataSource: DataSource): Promise<Date | null> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    // The first versions had no audit log.
    if (!(await queryRunner.hasTable(tablePathsOf(dataSource).auditEvents))) return null;
  } finally {
    await queryRunner.release();
  }
  const event = await dataSource
    .createQueryBuilder(AuditEventRow, 'event')
    .select(['event.organizationId', 'event.id', 'event.occurredAt'])
    .orderBy('event.occurredAt', 'DESC')
    .limit(1)
    .getOne();
  return event?.occurredAt ?? null;
}

/** Whether a SQLite file is in WAL mode, by its header, without the journal that belongs to it. */
function lacksJournal(path: string): boolean {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  // https://www.sqlite.org/fileformat.html#the_database_header
  return header[18] === 2 && !existsSync(`${path}-wal`);
}

function nameOf(location: DatabaseLocation): string {
  return location.type === 'sqlite' ? resolve(location.path) : 'The database';
}
