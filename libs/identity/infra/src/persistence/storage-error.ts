import { IdentityError } from '@feather-identity/core';

/** SQLite result codes (https://sqlite.org/rescode.html) that say "not now" and nothing about the statement. */
const SQLITE_UNAVAILABLE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/;
/**
 * PostgreSQL SQLSTATE: 08 connection, 53 resources, 57P shutdown, 57014 statement timeout, 55P03 lock timeout,
 * 55000 closed to connections, 40 serialization, 25006 standby.
 */
const POSTGRES_UNAVAILABLE = /^(?:08|53|57P|57014|55P03|55000|40|25006)/;
const NODE_UNAVAILABLE = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_AGAIN)/;
/** PostgreSQL's class 42: unknown names and missing rights. SQLite has one code for all that it does not understand. */
const SCHEMA_MISMATCH = /^(?:42|SQLITE_ERROR$)/;
const UNIQUE_VIOLATION = /^(?:23505|SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY))$/;

/** Whether another process holds SQLite's lock. */
export function isSqliteBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(driverError(error)));
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

/** `api_key.conflict` where a unique index refused a row; any other error as it is. */
export function translateUniqueViolation(error: unknown): unknown {
  return isUniqueViolation(error) ? new IdentityError('api_key.conflict', 'The API key exists already.') : error;
}

/** The refusal that asks the client to try again. */
export function storageUnavailable(options?: ErrorOptions): IdentityError {
  return new IdentityError('storage.unavailable', 'The service cannot reach its storage. Try again shortly.', options);
}

/**
 * What a failed statement means to the core. TypeORM's own error carries the statement's parameters, hashes among them:
 * it stops here and only the driver's error goes on as the cause.
 */
export function translateStorageError(error: unknown): unknown {
  if (error instanceof IdentityError) return error;
  const cause = withoutRow(driverError(error));
  if (isUnavailable(cause)) return storageUnavailable({ cause });
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
    SQLITE_UNAVAILABLE.test(code) ||
    POSTGRES_UNAVAILABLE.test(code) ||
    NODE_UNAVAILABLE.test(code) ||
    // node-postgres gives these no code.
    (error instanceof Error &&
      /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(error.message))
  );
}

/** Without `instanceof`: a native driver makes its errors in the realm it was first loaded in, such as Jest's. */
function codeOf(error: unknown): string {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
