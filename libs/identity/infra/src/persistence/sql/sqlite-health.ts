import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { dialectOf } from '../tables/columns.js';
import { isSqliteDamaged, isSqliteUnwritable, storageUnavailable } from './errors.js';
import { sqliteConnection } from './sqlite-connection.js';

/** How often look-ups look at the -wal and the -shm file, too, in milliseconds. */
const FULL_LOOK_MS = 50;

/** Receives the reason why the database cannot be used any more, and what an operator can do. */
export type DatabaseFaultListener = (fault: string) => void;

/** A fault of the file of a SQLite connection. */
export interface SqliteFault {
  /** In words that may be shown to anybody. */
  readonly reason: string;
  /** For the operator: it names the file. */
  readonly advice: string;
}

/** A file under its name, as it was when the connection began to use it. */
interface FileInUse {
  readonly path: string;
  known: Pick<Stats, 'dev' | 'ino'> | undefined;
}

const healths = new WeakMap<Database, SqliteHealth>();

/**
 * Whether a SQLite connection still works with the files that its path names, and whether it met a damaged page. A
 * connection keeps its files open: if they are deleted or replaced, it continues without an error, its writes are lost,
 * and another process sees other data. A connection to `:memory:` has no files.
 */
export class SqliteHealth {
  onFault: DatabaseFaultListener | undefined;
  readonly #files: readonly FileInUse[];
  readonly #path: string;
  readonly #database: Database;
  #isDamaged = false;
  #isUnwritable = false;
  #nextFullLook = 0;
  #fault: SqliteFault | undefined;

  private constructor(database: Database) {
    this.#database = database;
    const [main] = database.pragma('database_list') as [{ readonly file: string }];
    // SQLite keeps its other files beside the one that a symbolic link leads to.
    this.#path = main.file;
    const paths = main.file === '' ? [] : [resolve(database.name), `${main.file}-wal`, `${main.file}-shm`];
    this.#files = paths.map((path) => ({ path, known: look(path) }));
  }

  /** The health of the connection that a data source has. */
  static of(dataSource: DataSource): SqliteHealth {
    const database = sqliteConnection(dataSource);
    const known = healths.get(database);
    if (known !== undefined) return known;
    const health = new SqliteHealth(database);
    healths.set(database, health);
    return health;
  }

  /** What is wrong at this moment; undefined where nothing is. */
  fault(): SqliteFault | undefined {
    const fault = this.#isDamaged ? damaged(this.#path) : this.isInPlace() ? undefined : replaced(this.#path);
    if (fault !== undefined && fault.reason !== this.#fault?.reason) this.onFault?.(fault.advice);
    return (this.#fault = fault);
  }

  /** Throws `storage.unavailable` where the files are not those that the connection works with. */
  assertInPlace(): void {
    if (this.isInPlace()) return;
    this.refuse();
  }

  /** As `assertInPlace`, at the price of one file: a look-up asks for the others every 50 ms only. */
  assertDatabaseInPlace(): void {
    if (this.isInPlace(performance.now() < this.#nextFullLook ? 1 : undefined)) return;
    this.refuse();
  }

  private refuse(): never {
    throw storageUnavailable({ cause: new Error(this.fault()?.advice) });
  }

  /** Runs a statement, and remembers it if the statement finds the file damaged. */
  observe<T>(statement: () => T): T {
    try {
      return statement();
    } catch (error) {
      this.note(error);
      throw error;
    }
  }

  /** Remembers a damaged page for as long as the connection is open, and a failed write until one succeeds. */
  note(error: unknown): void {
    if (isSqliteUnwritable(error)) this.#isUnwritable = true;
    if (!isSqliteDamaged(error)) return;
    this.#isDamaged = true;
    this.fault();
  }

  /**
   * Throws the driver's error where a write has failed for its disk and another one fails, too. The other one changes
   * nothing: while the service counts as not ready, nobody sends it a write that would show that there is room again.
   */
  assertWritable(): void {
    if (!this.#isUnwritable || this.#database.inTransaction) return;
    const version = Number(this.#database.pragma('user_version', { simple: true }));
    this.#database.pragma(`user_version = ${version}`);
    this.#isUnwritable = false;
  }

  private isInWalMode(): boolean {
    return this.#database.pragma('journal_mode', { simple: true }) === 'wal';
  }

  private isInPlace(count?: number): boolean {
    if (count === undefined) this.#nextFullLook = performance.now() + FULL_LOOK_MS;
    for (const file of this.#files.slice(0, count)) {
      const found = look(file.path);
      // SQLite makes the two files beside the database with the first read or write in WAL mode, and deletes them when the
      // connection leaves that mode.
      if (file.known === undefined) file.known = found;
      else if (found?.ino !== file.known.ino || found.dev !== file.known.dev) {
        if (file !== this.#files[0] && !this.isInWalMode()) {
          file.known = undefined;
          continue;
        }
        // Look-ups must not wait to find the same.
        this.#nextFullLook = 0;
        return false;
      }
    }
    return true;
  }
}

/** Undefined also where the folder was closed to this user, or its disk does not answer: the file cannot be used. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Reports each fault of the file behind a SQLite data source once: it was replaced, deleted or found damaged. Does nothing
 * for PostgreSQL.
 *
 * @param dataSource - initialized
 */
export function onDatabaseFault(dataSource: DataSource, listener: DatabaseFaultListener): void {
  if (dialectOf(dataSource.options.type) === 'better-sqlite3') SqliteHealth.of(dataSource).onFault = listener;
}

function replaced(path: string): SqliteFault {
  return {
    reason: 'The database file was deleted or replaced while it was in use.',
    advice:
      `The database file ${path} (or its -wal or -shm file) was deleted or replaced while it was in use: nothing is read ` +
      'or written any more. Stop every process that uses it, put the right file in its place, and start again.',
  };
}

function damaged(path: string): SqliteFault {
  return {
    reason: 'The database file is damaged.',
    advice:
      `The database file ${path} is damaged. Stop the service, look at it with PRAGMA integrity_check, and restore a ` +
      'backup if that reports anything.',
  };
}
