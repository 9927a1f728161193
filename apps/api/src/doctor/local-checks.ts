import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Environment } from '../environment/environment.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { codeOf } from '../environment/error-code.js';
import { readScopesFile } from '../services/scopes-file.js';
import { type Check, checksOf } from './check.js';

const MEGABYTE = 1_000_000;

/** With less, a backup or a burst of audit events may fill the disk. */
const MUCH_DISK = 1000 * MEGABYTE;

/** With less, writes are about to fail. */
const LEAST_DISK = 100 * MEGABYTE;

const LOCAL: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** What the settings alone show. */
export function settingsChecks({ settings, settingsFile, warnings }: Environment): Check[] {
  const { ok, warning } = checksOf('settings');
  if (warnings.length > 0) return warnings.map(warning);
  const count = (origin: string) => settings.filter((each) => each.origin === origin).length;
  const file = settingsFile === null ? 'no settings file' : `${count('file')} from ${settingsFile}`;
  return [ok(`${count('environment')} from the environment, ${file}, ${count('default')} with their defaults`)];
}

/** Whose word on a client's address counts. */
export function proxyChecks({ trustedProxies, host, production }: Environment): Check[] {
  const { ok, warning } = checksOf('proxies');
  if (trustedProxies.length > 0) return [ok(`X-Forwarded-For is believed from ${trustedProxies.join(', ')}`)];
  if (!production && LOCAL.includes(host)) return [ok('none: clients connect directly')];
  return [
    warning(
      'TRUSTED_PROXIES is not set: behind a proxy all clients share one address and one count of failures. Set it to ' +
        'the address of the proxy, if there is one',
    ),
  ];
}

/** Who may read the files of the installation, and whether this user may. */
export function fileChecks(env: Environment): Check[] {
  const { database, peppers, peppersFile, bootstrapApiKeyFile, rateLimitStoreFile } = env;
  const { ok, problem } = checksOf('files');
  const secrets = [
    ...(peppers === null ? [peppersFile] : []),
    ...(bootstrapApiKeyFile === null ? [] : [bootstrapApiKeyFile]),
    ...(rateLimitStoreFile === null ? [] : [rateLimitStoreFile]),
  ];
  const all = [...secrets, ...(database.type === 'sqlite' ? [database.path] : [])].map((path) => resolve(path));
  const found = all.filter((path) => existsSync(path)).flatMap(permissionsOf);
  if (bootstrapApiKeyFile !== null && !existsSync(bootstrapApiKeyFile)) {
    found.push(problem(`BOOTSTRAP_API_KEY_FILE (${resolve(bootstrapApiKeyFile)}) does not exist`));
  }
  return found.length > 0 ? found : [ok('nobody but the owner and the group may read them')];
}

function permissionsOf(path: string): Check[] {
  const { warning, problem } = checksOf('files');
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    return [problem(`${path} cannot be read by this user (${codeOf(error)})`)];
  }
  return (statSync(path).mode & 0o007) === 0 ? [] : [warning(`Every user may read ${path}: chmod o= ${path}`)];
}

/** How much room a SQLite file has to grow. PostgreSQL's disk cannot be seen from here. */
export function diskChecks({ database }: Environment): Check[] {
  if (database.type !== 'sqlite') return [];
  const folder = nearestFolder(dirname(resolve(database.path)));
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const message = `${Math.floor(free / MEGABYTE)} MB free in ${folder}`;
  const { ok, warning, problem } = checksOf('disk');
  if (free < LEAST_DISK) return [problem(`${message}: make room, or keys and uses cannot be written`)];
  return [free < MUCH_DISK ? warning(`${message}: make room before it is full`) : ok(message)];
}

function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

/** Whether the catalogue of scopes can be read. */
export function scopesChecks(env: Pick<Environment, 'scopesFile'>): Check[] {
  const { ok, problem } = checksOf('scopes');
  try {
    const scopes = readScopesFile(env);
    if (scopes === undefined) return [ok('SCOPES_FILE is not set: keys can be given any scope')];
    return [ok(`${scopes.length} in ${env.scopesFile ?? ''}, beside those of the identity API`)];
  } catch (error) {
    if (error instanceof EnvironmentError) return [problem(error.message)];
    throw error;
  }
}
