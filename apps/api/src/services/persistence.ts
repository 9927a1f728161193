import { AuditEvents } from '@feather-identity/core';
import {
  adviceOn,
  createRepositories,
  DatabaseNotReadyError,
  NewerDatabaseError,
  NonDurableDatabaseError,
  NotMigratedError,
  openDatabase,
  type Repositories,
  UnusableFileError,
} from '@feather-identity/infra';
import { ids } from './issuing.js';
import { type DataSource, QueryFailedError } from 'typeorm';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';

/** The database and its repositories. */
export interface Persistence extends Repositories {
  readonly dataSource: DataSource;
  /** Builds the entries of the audit log. */
  readonly events: AuditEvents;
}

/** How a database is opened. */
export interface OpenPersistenceOptions {
  /** Whether the database is migrated. Default: true. If false, a missing or unmigrated database is refused and unchanged. */
  readonly migrates?: boolean;
}

/** Opens the database and migrates it. The caller destroys `dataSource`. */
export async function openPersistence(env: Environment, options: OpenPersistenceOptions = {}): Promise<Persistence> {
  const persistence = persistenceIn(await openDurableDatabase(env, options));
  await persistence.clock.compare();
  return persistence;
}

/** The repositories of this database. */
export function persistenceIn(dataSource: DataSource): Persistence {
  const repositories = createRepositories(dataSource);
  return { dataSource, ...repositories, events: new AuditEvents(ids, repositories.clock) };
}

async function openDurableDatabase(env: Environment, options: OpenPersistenceOptions): Promise<DataSource> {
  const { database: location, databasePoolSize: poolSize, allowNonDurable } = env;
  try {
    return await openDatabase({ location, poolSize, allowNonDurable, ...options });
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
