import {
  adviceOn,
  DatabaseNotReadyError,
  HostTablesError,
  NewerDatabaseError,
  NonDurableDatabaseError,
  NotMigratedError,
  type NotMigratedState,
  openDatabase,
  UnusableFileError,
} from '@feather-identity/infra';
import { type DataSource, QueryFailedError } from 'typeorm';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import { databaseName } from '../environment/database-name.js';
import type { Environment } from '../environment/environment.js';
import type { Origin } from '../environment/given-settings.js';

const CREATE =
  'To create it, start the service or run `feather migrate`. To use another: --env-file FILE or DATABASE_URL.';
const OTHER_DATABASE =
  'Nothing was changed. Let DATABASE_URL name a database of its own for the service (docs/guides/nestjs-remote.md).';
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at its host and port: start PostgreSQL, or correct them.',
  ENOTFOUND: 'There is no such host: correct it, or look at the DNS.',
  EAI_AGAIN: 'The name of the host cannot be looked up at the moment: look at the DNS.',
  ETIMEDOUT: 'Nothing answers at its host and port: correct them, or look at the firewall.',
  ERR_DLOPEN_FAILED: `The SQLite driver was installed for another Node.js than this ${process.version}. Run \`npm rebuild better-sqlite3\` with this one, or start with the other.`,
};
const NOT_MIGRATED: Readonly<Record<NotMigratedState, readonly [what: string, advice: string]>> = {
  missing: ['does not exist', CREATE],
  empty: ['has no tables of this service', CREATE],
  older: ['is older than this version', 'Run `feather migrate` of this version, or start its service.'],
};

/** How a database is opened. */
export interface OpenDatabaseOptions {
  /** Whether it is created and migrated. If not, a database that is missing or older is refused. Default: false. */
  readonly migrates?: boolean;
}

/** Opens the database of the settings. Throws `EnvironmentError` where the operator has to do something. */
export async function openServiceDatabase(
  env: Environment,
  { migrates = false }: OpenDatabaseOptions = {},
): Promise<DataSource> {
  const { database: location, databasePoolSize: poolSize, allowNonDurable } = env;
  try {
    return await openDatabase({ location, poolSize, allowNonDurable, migrates });
  } catch (error) {
    throw explained(error, env);
  }
}

/** What a migration would do with the database; null for nothing, and where it cannot be opened. */
export async function lacksMigrations(env: Environment): Promise<NotMigratedState | null> {
  const { database: location, databasePoolSize: poolSize } = env;
  try {
    const dataSource = await openDatabase({ location, poolSize, allowNonDurable: true, migrates: false });
    await dataSource.destroy();
    return null;
  } catch (error) {
    return error instanceof NotMigratedError ? error.state : null;
  }
}

/** The error of a database that was not opened: an `EnvironmentError` where the operator has to do something. */
export function explained(error: unknown, env: Environment): unknown {
  if (error instanceof NonDurableDatabaseError) {
    return new EnvironmentError([`${error.message} Set DATABASE_ALLOW_NON_DURABLE=true to accept that.`]);
  }
  if (error instanceof NewerDatabaseError) return new EnvironmentError([`DATABASE_URL: ${error.message}`]);
  if (error instanceof HostTablesError) return new EnvironmentError([`${error.message} ${OTHER_DATABASE}`]);
  if (error instanceof NotMigratedError) {
    const [what, advice] = NOT_MIGRATED[error.state];
    return new EnvironmentError([`The database ${databaseName(env.database)} ${what} (${sourceOf(env)}). ${advice}`]);
  }
  if (error instanceof UnusableFileError) return new EnvironmentError([`DATABASE_URL: ${error.message}`]);
  if (error instanceof DatabaseNotReadyError) return new EnvironmentError([error.message]);
  const advice = adviceOn(error) ?? adviceOnOpening(error);
  // A failed statement is our own mistake and needs its message; any other error with a code is about the address.
  if (advice === undefined && (error instanceof QueryFailedError || codeOf(error) === 'unknown')) return error;
  const reason = advice === undefined ? ` (${codeOf(error)})` : `: ${advice}`;
  return new EnvironmentError([`DATABASE_URL names a database that cannot be opened${reason}`]);
}

/** What an operator can do about a server that is not reached, or a driver that does not load. */
function adviceOnOpening(error: unknown): string | undefined {
  const code = codeOf(error);
  const advice = ADVICE[code];
  if (advice !== undefined) return `${advice} (${code})`;
  if (error instanceof Error && /^Connection terminated/.test(error.message)) {
    return `What listens at its host and port ended the connection: is it PostgreSQL? (${error.message})`;
  }
  return undefined;
}

/** Why a database could not be used, for the operator: what to do, or else the code, since a message may repeat a setting. */
export function reasonOf(error: unknown): string {
  const advice = adviceOn(error);
  if (advice !== undefined) return advice;
  const code = codeOf(error);
  if (code !== 'unknown') return `It failed (${code}).`;
  return error instanceof Error ? error.message : 'It failed.';
}

/** One line that says which database these settings lead to, and where each setting comes from. */
export function settingsLine(env: Environment): string {
  const from = (origin: Origin) => env.settings.filter((each) => each.origin === origin).map(({ name }) => name);
  const sources = [
    ['the environment', from('environment')],
    [env.settingsFile ?? '', from('file')],
  ] as const;
  const given = sources
    .filter(([, names]) => names.length > 0)
    .map(([where, names]) => `From ${where}: ${names.join(', ')}.`);
  return [
    `Database: ${databaseName(env.database)} (${sourceOf(env)}).`,
    ...given,
    'Defaults: all other settings.',
  ].join(' ');
}

/** Why the settings lead to this database. */
function sourceOf({ settings, settingsFile }: Environment): string {
  const sources = {
    environment: 'DATABASE_URL in the environment',
    file: `DATABASE_URL in ${settingsFile ?? ''}`,
    default: 'the default, because DATABASE_URL is not set',
  };
  return sources[settings.find(({ name }) => name === 'DATABASE_URL')?.origin ?? 'default'];
}
