import {
  adviceOn,
  DatabaseNotReadyError,
  NewerDatabaseError,
  NonDurableDatabaseError,
  NotMigratedError,
  openDatabase,
  UnusableFileError,
} from '@feather-identity/infra';
import { type DataSource, QueryFailedError } from 'typeorm';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/** How a database is opened. */
export interface OpenDatabaseOptions {
  /** Whether it is migrated. If false, a database that is missing or not migrated is refused. Default: true. */
  readonly migrates?: boolean;
}

/** Opens the database of the settings and migrates it. Throws `EnvironmentError` where the operator has to do something. */
export async function openServiceDatabase(
  env: Environment,
  { migrates = true }: OpenDatabaseOptions = {},
): Promise<DataSource> {
  const { database: location, databasePoolSize: poolSize, allowNonDurable } = env;
  try {
    return await openDatabase({ location, poolSize, allowNonDurable, migrates });
  } catch (error) {
    if (error instanceof NonDurableDatabaseError) {
      throw new EnvironmentError([`${error.message} Set DATABASE_ALLOW_NON_DURABLE=true to accept that.`]);
    }
    if (error instanceof NewerDatabaseError) throw new EnvironmentError([`DATABASE_URL: ${error.message}`]);
    if (error instanceof NotMigratedError) {
      throw new EnvironmentError([`${error.message} Run \`feather migrate\` first.`]);
    }
    if (error instanceof UnusableFileError) throw new EnvironmentError([`DATABASE_URL: ${error.message}`]);
    if (error instanceof DatabaseNotReadyError) throw new EnvironmentError([error.message]);
    // A failed statement is our own mistake and needs its message; any other error with a code is about the address.
    if (error instanceof QueryFailedError || codeOf(error) === 'unknown') throw error;
    const advice = adviceOn(error);
    const reason = advice === undefined ? ` (${codeOf(error)})` : `: ${advice}`;
    throw new EnvironmentError([`DATABASE_URL names a database that cannot be opened${reason}`]);
  }
}
