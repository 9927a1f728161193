import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { isSchemaMismatch, isSqliteDamaged } from '../sql/errors.js';
import { sqliteConnection } from '../sql/sqlite-connection.js';
import { ApiKeyRow } from '../tables/api-keys.js';
import { AuditEventRow } from '../tables/audit-events.js';
import { OrganizationRow } from '../tables/organizations.js';
import { tablePathsOf } from '../tables/tables.js';
import { createMigrationDataSource, createReadOnlyDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { hasMigrations, readAppliedMigrations } from './migrate.js';
import { countByPepper, type PepperUsage } from './secret-usage.js';

/** Pages that are copied at once: 4 MB, a few milliseconds. */
const PAGES_AT_ONCE = 1000;

/** How the files of pg_dump's custom format begin. */
const POSTGRES_DUMP = 'PGDMP';

/** Thrown when a backup cannot be made or put in place. The message says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Options of `backUpSqlite`. */
export interface BackupOptions {
  /** Called between the parts of the copy with the fraction that is done, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Copies a SQLite database into a new file, as it is at this moment, while others read and write it. The copy is one
 * file without a journal beside it, is checked before it gets its name, and is on disk when this resolves.
 *
 * @param source - path of the database, or of an earlier copy
 * @param target - path of a file that does not exist
 * @throws BackupError when there is no database or a file already, and when the copy turns out damaged
 * @see https://www.sqlite.org/backup.html
 */
export async function backUpSqlite(source: string, target: string, { onProgress }: BackupOptions = {}): Promise<void> {
  if (!existsSync(source)) throw missing(source);
  const path = resolve(target);
  const partial = `${path}.partial`;
  assertFree(path);
  reserve(partial, `${partial} is there: another copy is being made, or was broken off. Delete it and try again.`);
  try {
    await copy(source, partial, onProgress);
    await finish(partial, source);
    // Nobody's file is replaced, not even one that appeared meanwhile; and no half copy ever has the name.
    reserve(path, occupied(path));
    replace(path, partial);
  } catch (error) {
    const failure = isSqliteDamaged(error) ? damaged(source, 'it cannot be read') : error;
    for (const file of [partial, `${partial}-journal`]) rmSync(file, { force: true });
    throw failure;
  }
}

async function copy(source: string, target: string, onProgress?: (fraction: number) => void): Promise<void> {
  const dataSource = await createReadOnlyDataSource(source).initialize();
  try {
    const database = sqliteConnection(dataSource);
    // A transaction that reads keeps this moment: without it each write of the service would start the copy again.
    database.exec('BEGIN');
    database.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    await database.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        if (totalPages > 0) onProgress?.((totalPages - remainingPages) / totalPages);
        return PAGES_AT_ONCE;
      },
    });
  } finally {
    await dataSource.destroy();
  }
}

/** In WAL mode the file could not be opened on read-only media, and a copy of it alone would not show what is missing. */
async function finish(path: string, source: string): Promise<void> {
  const dataSource = await new DataSource({ type: 'better-sqlite3', database: path }).initialize();
  try {
    sqliteConnection(dataSource).pragma('journal_mode = DELETE');
    // The copy is as the database is, and it is gone in a moment.
    assertIntact(dataSource, source);
  } finally {
    await dataSource.destroy();
  }
  sync(path);
}

/** Throws where a database, or what is left of one, has this path. A journal of another file would damage the new one. */
function assertFree(path: string): void {
  const found = [path, `${path}-wal`, `${path}-shm`, `${path}-journal`].find((file) => existsSync(file));
  if (found !== undefined) throw new BackupError(occupied(found));
}

function occupied(path: string): string {
  return `${path} exists, and no file is ever replaced: name another one, or move it away.`;
}

function replace(path: string, partial: string): void {
  try {
    renameSync(partial, path);
    sync(dirname(path));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

function reserve(path: string, refusal: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? new BackupError(refusal) : error;
  }
}

/** A name that is not on disk is lost with the power, and so is the file. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The contents of a database, to compare with what you expect after a restore. */
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
  /** Whether this SQLite file may lack the latest writes, because it was copied without its `-wal` file. */
  readonly mayLackLatest: boolean;
}

/**
 * Reads the contents of a database and changes nothing. Reads all rows, on a connection without time limits.
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
    organizations: await countOrganizations(dataSource),
    apiKeys: await dataSource.createQueryBuilder(ApiKeyRow, 'apiKey').where('apiKey.revokedAt IS NULL').getCount(),
    lastEventAt: await lastEventAt(dataSource),
    peppers: await peppersOf(dataSource, at),
  };
}

async function countOrganizations(dataSource: DataSource): Promise<number> {
  const organizations = dataSource.createQueryBuilder(OrganizationRow, 'organization');
  const queryRunner = dataSource.createQueryRunner();
  try {
    // The first versions deleted none.
    if (await queryRunner.hasColumn(tablePathsOf(dataSource).organizations, 'deleted_at'))
      organizations.where('organization.deletedAt IS NULL');
  } finally {
    await queryRunner.release();
  }
  return organizations.getCount();
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

/**
 * Checks the structure of a SQLite file, and that no row lacks its parent. Reads all of it.
 *
 * @param dataSource - initialized, for SQLite
 * @param path - of the file that is named if something is wrong
 * @throws BackupError
 */
function assertIntact(dataSource: DataSource, path: string): void {
  const database = sqliteConnection(dataSource);
  const structure = database.pragma('integrity_check(5)') as { integrity_check: string }[];
  const faults = structure.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  if (faults.length === 0) {
    const orphans = database.pragma('foreign_key_check') as { table: string }[];
    faults.push(...new Set(orphans.map(({ table }) => `rows of ${table} belong to nothing`)));
  }
  if (faults.length > 0) throw damaged(path, faults.join('; '));
}

/** For a file that is not there. */
function missing(path: string): BackupError {
  return new BackupError(
    `${resolve(path)} does not exist. Look at the path, at DATABASE_URL, and at the folder in which you run this.`,
  );
}

/** For a file that SQLite cannot read, or finds damaged. */
function damaged(path: string, reason: string): BackupError {
  if (beginsWith(path, POSTGRES_DUMP)) {
    return new BackupError(
      `${resolve(path)} is a dump of PostgreSQL, not a SQLite database. Restore it into an empty database by pg_restore, ` +
        'and check that one: set DATABASE_URL, and name no file.',
    );
  }
  return new BackupError(`${resolve(path)} is damaged, or no SQLite database: ${reason}`);
}

function beginsWith(path: string, text: string): boolean {
  const head = Buffer.alloc(text.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1') === text;
}
