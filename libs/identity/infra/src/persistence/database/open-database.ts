import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { retryWhileLocked } from '../sql/sqlite.js';
import {
  createDataSource,
  createMigrationDataSource,
  createReadOnlyDataSource,
  type DatabaseOptions,
} from './data-source.js';
import { assertOurs, hasMigrations, isMigrated, migrate, NotMigratedError } from './migrate.js';
import { assertPostgresDurability, assertSqliteSettings } from './durability.js';
import { assertUsable, assertWritable } from './readiness.js';

const LOCK_WAIT_MS = 10_000;

/** Thrown for a SQLite file that cannot be used. The message names the file and says what to do. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}

/** Options of `openDatabase`. */
export interface OpenDatabaseOptions extends DatabaseOptions {
  /** Accepts a PostgreSQL that may lose acknowledged writes, for throw-away installations. Default: false. */
  readonly allowNonDurable?: boolean;
  /** Whether to create and migrate the database. False leaves it as it is. Default: true. */
  readonly migrates?: boolean;
}

/**
 * Migrates a database, connects to it and checks that committed writes are safe. The caller destroys the data source.
 *
 * @throws NotMigratedError with `migrates: false`, when the database does not exist or lacks migrations
 * @throws NewerDatabaseError when a newer version has removed what this one needs
 * @throws HostTablesError when an application keeps identity tables in it under other names, and this program none
 * @throws NonDurableDatabaseError when the database may lose acknowledged writes
 * @throws UnusableFileError for a SQLite file that cannot be read and written
 * @throws DatabaseNotReadyError for a PostgreSQL that is a standby, read-only or behind a pooler that shares sessions, and
 * where it migrates, for a role that may not write
 * @example
 * ```ts
 * const dataSource = await openDatabase({ location: { type: 'sqlite', path: 'identity.db' }, poolSize: 2 });
 * ```
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DataSource> {
  const { location, migrates = true } = options;
  if (migrates) await bringUpToDate(options);
  else await assertMigrated(options);
  const dataSource = await connect(createDataSource(options));
  try {
    await assertUsable(dataSource);
    // Commands that only read do so with any role.
    if (migrates) await assertWritable(dataSource);
    if (location.type === 'sqlite') await assertSqliteSettings(dataSource);
    else if (options.allowNonDurable !== true) await assertPostgresDurability(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

async function bringUpToDate(options: DatabaseOptions): Promise<void> {
  if (options.location.type === 'sqlite') assertUsablePath(options.location.path);
  const migrator = await connect(createMigrationDataSource(options));
  try {
    // First: a standby refuses the lock below, and a shared session of a pooler would take it for somebody else.
    await assertUsable(migrator);
    await migrate(migrator);
  } finally {
    await migrator.destroy();
  }
}

/** Uses a connection of its own: the service's would create the SQLite file, or change its journal. */
async function assertMigrated(options: DatabaseOptions): Promise<void> {
  const { location } = options;
  if (location.type === 'sqlite' && !existsSync(location.path)) throw new NotMigratedError('missing');
  if (location.type === 'sqlite') assertUsablePath(location.path);
  const reader = location.type === 'sqlite' ? createReadOnlyDataSource(location.path) : createDataSource(options);
  await connect(reader);
  try {
    await assertOurs(reader);
    if (!(await hasMigrations(reader))) throw new NotMigratedError('empty');
    if (!(await isMigrated(reader))) throw new NotMigratedError('older');
  } finally {
    await reader.destroy();
  }
}

/** Turning on WAL needs SQLite's lock, which another process that starts may hold. */
function connect(dataSource: DataSource): Promise<DataSource> {
  return retryWhileLocked(LOCK_WAIT_MS, () => dataSource.initialize());
}

/**
 * Checks that the files of a SQLite database that exist, and their folder, can be written. SQLite itself opens a file that
 * it cannot write, and fails at the first write; in WAL mode it creates files even to read.
 *
 * @throws UnusableFileError
 */
function assertUsablePath(path: string): void {
  const database = resolve(path);
  if (statSync(database, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UnusableFileError(`${database} is a folder: name a file in it.`);
  }
  for (const file of [database, `${database}-wal`, `${database}-shm`]) {
    const refusal = refusalOf(file);
    if (refusal === undefined) continue;
    throw new UnusableFileError(
      `The database file ${file} cannot be read and written by this user (${refusal}). ${adviceOn(refusal)}`,
    );
  }
  const folder = existingFolder(dirname(database));
  const refusal = refusalOf(folder);
  if (refusal === undefined) return;
  throw new UnusableFileError(
    `The folder ${folder} of the database cannot be written by this user (${refusal}), and SQLite keeps more ` +
      `files in it. ${adviceOn(refusal)}`,
  );
}

/** The folder, or the nearest one above it, in which it would be created. */
function existingFolder(folder: string): string {
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

function adviceOn(refusal: string): string {
  return refusal === 'EROFS' ? 'Its file system is mounted read-only.' : 'Change its owner or its mode.';
}

/** The code of the system's refusal; undefined where the file may be written, or is not there. */
function refusalOf(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : code;
  }
}
