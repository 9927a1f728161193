import { IdentityError } from '@feather-identity/core';
import type { DataSource } from 'typeorm';

/** Thrown where a database cannot serve requests at the moment. The message may be shown to anybody. */
export class DatabaseNotReadyError extends Error {
  override readonly name = 'DatabaseNotReadyError';
}

/** Thrown where a database has not answered in time. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';

  constructor() {
    super('The database did not answer in time.');
  }
}

/**
 * SQLite result codes (https://sqlite.org/rescode.html) that say "not now" and nothing about the statement: a damaged file
 * is one too, since the same request succeeds once it is restored.
 */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|CORRUPT|NOTADB)/;
/**
 * PostgreSQL SQLSTATE: 08 connection, 53 resources, 57P shutdown, 57014 statement timeout, 55P03 lock timeout,
 * 55000 closed to connections, 40 serialization, 25006 reads only, 25P02 to 25P04 a transaction that failed or was
 * ended, 28 login, 3D and 3F database and schema, 42501 privileges, XX001 and XX002 damaged pages.
 */
const POSTGRES_UNAVAILABLE = /^(?:08|28|3D|3F|53|57P|57014|55P03|55000|40|25006|25P0[2-4]|42501|XX00[12])/;
const POSTGRES_UNREACHABLE = /^(?:08|57P0[1-3])/;
const POSTGRES_DAMAGED = /^XX00[12]/;
const NODE_UNAVAILABLE = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/;

/** What an operator can do, by the first characters of the code. */
const ADVICE: Readonly<Record<string, string>> = {
  '25006': 'PostgreSQL accepts reads only: connect to the primary.',
  '28': 'PostgreSQL refuses the login: check the user, the password and pg_hba.conf.',
  '3D': 'PostgreSQL has no such database: check the name, or create it.',
  '3F': 'PostgreSQL has no such schema: check search_path, or create it.',
  '42501': 'The role lacks a privilege: grant it to read and write the identity tables.',
  '53100': "PostgreSQL's disk is full: make room there.",
  '53300': 'PostgreSQL has no connection left: raise max_connections, or make the pools of all instances smaller.',
  '57P03': 'PostgreSQL is starting or stopping: look at its log if that lasts.',
  XX00: 'The database is damaged: look at its log, restore it, then start again.',
  SQLITE_FULL: 'The disk of the database is full: make room.',
  SQLITE_IOERR: 'The disk of the database cannot be read or written: it is full, read-only, damaged or gone.',
  SQLITE_READONLY: 'The database cannot be written: look at its owner, its mode and the mount of its disk.',
  SQLITE_CORRUPT: 'The database is damaged: restore the file, then start again.',
  SQLITE_NOTADB: 'The database is damaged: restore the file, then start again.',
};
/** PostgreSQL's class 42: unknown names and missing rights. SQLite has one code for all that it does not understand. */
const SCHEMA_MISMATCH = /^(?:42|SQLITE_ERROR$)/;
/** PostgreSQL's classes 22 and 23: a value that cannot be read, a row that breaks a constraint. */
const POSTGRES_REFUSED = /^2[23]/;
const FOREIGN_KEY_VIOLATION = /^(?:23503|SQLITE_CONSTRAINT_FOREIGNKEY)$/;
const UNIQUE_VIOLATION = /^(?:23505|SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY))$/;

/** Whether another process holds SQLite's lock. */
export function isSqliteBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(driverError(error)));
}

/** Whether SQLite found its file damaged. */
export function isSqliteDamaged(error: unknown): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(driverError(error)));
}

/** Whether SQLite could not write for its disk. */
export function isSqliteUnwritable(error: unknown): boolean {
  return /^SQLITE_(?:FULL|IOERR|READONLY)/.test(codeOf(driverError(error)));
}

/** Whether PostgreSQL has waited for a lock for as long as the session may (`lock_timeout`). */
export function isPostgresLockTimeout(error: unknown): boolean {
  return codeOf(driverError(error)) === '55P03';
}

/** Whether the statement names what is not there, or what may not be read. */
export function isSchemaMismatch(error: unknown): boolean {
  return SCHEMA_MISMATCH.test(codeOf(driverError(error)));
}

/** Whether a unique index or primary key refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.test(codeOf(driverError(error)));
}

/** Whether a row names another one that is not there. */
export function isForeignKeyViolation(error: unknown): boolean {
  return FOREIGN_KEY_VIOLATION.test(codeOf(driverError(error)));
}

/** Whether PostgreSQL has refused a statement for its values: nothing of it is stored. */
export function isRefused(error: unknown): boolean {
  return POSTGRES_REFUSED.test(codeOf(driverError(error)));
}

/** `api_key.conflict` where a unique index refused a row; any other error as it is. */
export function translateUniqueViolation(error: unknown): unknown {
  return isUniqueViolation(error) ? new IdentityError('api_key.conflict', 'The API key exists already.') : error;
}

/** Whether it is `storage.unavailable`. */
export function isStorageUnavailable(error: unknown): boolean {
  return error instanceof IdentityError && error.code === 'storage.unavailable';
}

/** `storage.unavailable`: the client may try again. */
export function storageUnavailable(options?: ErrorOptions): IdentityError {
  return new IdentityError('storage.unavailable', 'The service cannot reach its storage. Try again shortly.', options);
}

/**
 * Makes an error of the core from a failed statement. TypeORM's own error carries the parameters, hashes among them: only
 * the driver's error is kept, as the cause.
 */
function translateStorageError(error: unknown): unknown {
  if (error instanceof IdentityError) return error;
  const cause = withoutRow(driverError(error));
  if (isUnavailable(cause)) {
    const advice = adviceOn(cause);
    return storageUnavailable({ cause: advice === undefined ? cause : new Error(advice, { cause }) });
  }
  return cause === error ? error : new Error('A database statement failed.', { cause });
}

/** PostgreSQL quotes the row that it refused, or the parameters, in these fields. */
function withoutRow(error: unknown): unknown {
  if (isObject(error) && 'detail' in error) Object.assign(error, { detail: undefined, where: undefined });
  return error;
}

/** Without `instanceof`: the application may have another copy of TypeORM, and of the driver, than this library. */
function driverError(error: unknown): unknown {
  return isObject(error) && 'driverError' in error ? error.driverError : error;
}

function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof DatabaseNotReadyError ||
    SQLITE_UNAVAILABLE.test(code) ||
    POSTGRES_UNAVAILABLE.test(code) ||
    isUnreachable(error) ||
    (error instanceof Error && WITHOUT_CODE.test(error.message))
  );
}

/** node-postgres gives these no code; none of them says that the server is away. */
const WITHOUT_CODE =
  /^(?:timeout exceeded when trying to connect|Client (?:was closed|has encountered)|Cannot use a pool)/;

/** Whether the server of a failed connection is away, or does not answer. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof DatabaseTimeoutError ||
    POSTGRES_UNREACHABLE.test(code) ||
    NODE_UNAVAILABLE.test(code) ||
    (error instanceof Error && /^(?:Connection terminated|Query read timeout)/.test(error.message))
  );
}

/** Whether PostgreSQL found a damaged page. */
function isPostgresDamaged(error: unknown): boolean {
  return POSTGRES_DAMAGED.test(codeOf(driverError(error)));
}

/**
 * What an operator can do about an error of a database, followed by the error's code in brackets.
 *
 * @returns undefined for other errors
 */
export function adviceOn(error: unknown): string | undefined {
  const code = codeOf(driverError(error));
  const known = Object.entries(ADVICE).find(([head]) => code.startsWith(head));
  return known && `${known[1]} (${code})`;
}

/** Without `instanceof`: a native driver makes its errors in the realm it was first loaded in, such as Jest's. */
export function codeOf(error: unknown): string {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const damages = new WeakMap<DataSource, string>();

/**
 * As `translateStorageError`. It also remembers that a PostgreSQL database is damaged, which does not heal while it is in
 * use; for a SQLite file `SqliteHealth` does.
 */
export function storageFailure(dataSource: DataSource, error: unknown): unknown {
  if (isPostgresDamaged(error)) damages.set(dataSource, adviceOn(error) ?? '');
  return translateStorageError(error);
}

/** Throws `DatabaseNotReadyError` once a statement has met damaged data in this PostgreSQL database. */
export function assertUndamaged(dataSource: DataSource): void {
  const damage = damages.get(dataSource);
  if (damage !== undefined) throw new DatabaseNotReadyError(damage);
}
