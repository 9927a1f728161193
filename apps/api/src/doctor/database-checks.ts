import { resolve } from 'node:path';
import {
  assertReady,
  checkDurability,
  DatabaseClock,
  NewerDatabaseError,
  NonDurableDatabaseError,
  NotMigratedError,
  openDatabase,
  readAppliedMigrations,
  readHeldLeases,
  readImportedKeyUsage,
  readLostPeppers,
} from '@feather-identity/infra';
import type { DataSource } from 'typeorm';
import { databaseName } from '../environment/database-name.js';
import { EnvironmentError } from '../environment/environment-error.js';
import type { Environment } from '../environment/environment.js';
import { explained, reasonOf } from '../services/database.js';
import { keySettingsFaults, prefixOf, readKnown } from '../services/key-settings.js';
import { findPeppers, pepperSource } from '../services/peppers.js';
import { unawaitedStandbys } from '../services/unawaited-standbys.js';
import { type Check, checksOf } from './check.js';

/** Further apart, the service follows the clock of PostgreSQL; less is a sign that the machine's is not kept right. */
const WRONG_CLOCK_MS = 60_000;
const INEXACT_CLOCK_MS = 2000;

/** The database, opened without a change to it. */
interface Opened {
  readonly dataSource: DataSource;
  readonly clock: DatabaseClock;
}

/** What can be found out only from the database. Creates, migrates and changes nothing. */
export async function databaseChecks(env: Environment): Promise<Check[]> {
  let dataSource: DataSource;
  try {
    dataSource = await openDatabase({
      location: env.database,
      poolSize: 2,
      // Reported below, with everything else.
      allowNonDurable: true,
      migrates: false,
    });
  } catch (error) {
    const isOther = error instanceof NotMigratedError ? error.state === 'older' : error instanceof NewerDatabaseError;
    return [checksOf(isOther ? 'schema' : 'database').problem(messageOf(explained(error, env)))];
  }
  const opened = { dataSource, clock: new DatabaseClock(dataSource) };
  const parts = {
    database: stateOf,
    schema,
    durability,
    peppers,
    'key format': keyFormat,
    'imported keys': imported,
    leases,
    clock: clockDifference,
  };
  try {
    const checks: Check[] = [];
    for (const [name, part] of Object.entries(parts)) {
      try {
        checks.push(...(await part(env, opened)));
      } catch (error) {
        checks.push(checksOf(name).problem(messageOf(error)));
      }
    }
    return checks;
  } finally {
    await dataSource.destroy();
  }
}

async function stateOf({ database }: Environment, { dataSource }: Opened): Promise<Check[]> {
  await assertReady(dataSource);
  const isSqlite = database.type === 'sqlite';
  const sql = isSqlite ? 'SELECT sqlite_version() AS version' : "SELECT current_setting('server_version') AS version";
  const [row] = await dataSource.query<[{ version: string }?]>(sql);
  const name = `${isSqlite ? 'SQLite' : 'PostgreSQL'} ${row?.version ?? ''}`;
  return [checksOf('database').ok(`${name}, ${databaseName(database)}, answers and finds keys`)];
}

async function schema(_env: Environment, { dataSource }: Opened): Promise<Check[]> {
  const { expanding } = await readAppliedMigrations(dataSource);
  const { ok, warning } = checksOf('schema');
  if (expanding.length === 0) return [ok('the tables are those of this version')];
  return [warning(`A newer version has migrated the database (${expanding.join(', ')}). Replace this version soon`)];
}

async function durability({ allowNonDurable }: Environment, { dataSource }: Opened): Promise<Check[]> {
  const { ok, warning, problem } = checksOf('durability');
  try {
    await checkDurability(dataSource);
    const lost = await unawaitedStandbys(dataSource);
    if (lost !== null) return [warning(lost)];
    return [ok('a key that was handed out survives a crash')];
  } catch (error) {
    if (!(error instanceof NonDurableDatabaseError)) throw error;
    return allowNonDurable
      ? [warning(`${error.message} DATABASE_ALLOW_NON_DURABLE=true accepts that`)]
      : [problem(`${error.message} Change these settings, or set DATABASE_ALLOW_NON_DURABLE=true to accept that`)];
  }
}

async function peppers(env: Environment, { dataSource, clock }: Opened): Promise<Check[]> {
  const { ok, warning, problem } = checksOf('peppers');
  const { remembered, known } = await readKnown(env, dataSource);
  const ring = await findPeppers(env);
  const ids = known?.pepperIds ?? [];
  if (ring === null) {
    if (ids.length > 0)
      return [problem(`${pepperSource(env)} does not exist, but keys were made under ${ids.join(', ')}`)];
    const next = env.production
      ? `Create it: (umask 077; feather pepper generate > ${resolve(env.peppersFile)})`
      : 'The next start of the service creates it';
    return [(env.production ? problem : warning)(`${pepperSource(env)} does not exist. ${next}`)];
  }
  const faults = keySettingsFaults(env, known, ring).filter(({ about }) => about === 'peppers');
  const lost = await readLostPeppers(dataSource, ring.ids, clock.now());
  const checks = faults.map(({ message }) => problem(message));
  for (const { pepperId, withoutHash } of lost) {
    checks.push(
      problem(
        `The pepper ${pepperId ?? '(unreadable)'} is missing. Keys that get 401, because they have no hash: ${withoutHash}. ` +
          'Put it back behind the current one (docs/operating/peppers.md)',
      ),
    );
  }
  if (checks.length > 0) return checks;
  if (remembered !== null && !ids.includes(ring.current.id)) {
    return [
      warning(`The current pepper ${ring.current.id} is new: commands make no key before the service starts with it`),
    ];
  }
  return [ok(`${ring.ids.join(', ')}, the current one first`)];
}

async function keyFormat(env: Environment, { dataSource }: Opened): Promise<Check[]> {
  const { ok, problem } = checksOf('key format');
  const { known } = await readKnown(env, dataSource);
  const faults = keySettingsFaults(env, known, null).map(({ message }) => problem(message));
  const { namespace: keyNamespace, environment: keyEnvironment } = env.tokenFormat;
  return faults.length > 0 ? faults : [ok(`keys begin with ${prefixOf({ keyNamespace, keyEnvironment })}`)];
}

async function imported({ importedKeys }: Environment, { dataSource, clock }: Opened): Promise<Check[]> {
  const { ok, problem } = checksOf('imported keys');
  const usage = await readImportedKeyUsage(dataSource, clock.now());
  const missing = usage.filter(({ example }) => importedKeys?.finds(example) !== true);
  if (missing.length === 0) return [ok(usage.length === 0 ? 'none' : 'all are looked for')];
  return missing.map(({ foundBy, secrets }) =>
    problem(
      `Imported keys that get 401: ${secrets}. IMPORTED_KEYS does not name ${foundBy}, or IMPORTED_KEY_PEPPERS lacks their ` +
        'pepper (docs/guides/imported-keys.md)',
    ),
  );
}

async function leases({ database, credentialLeases }: Environment, { dataSource }: Opened): Promise<Check[]> {
  const { ok, problem } = checksOf('leases');
  if (database.type === 'sqlite') return [ok('none: on SQLite a verification needs no lease')];
  const { held, mostRenewals, abandoned, faults } = await readHeldLeases(dataSource);
  if (faults.length > 0) {
    return faults.map((fault) => problem(`${fault}. Instances take no lease until then (docs/operating/leases.md)`));
  }
  const now =
    held === 0
      ? 'No instance holds one now'
      : `Instances that hold one now: ${held}, the longest-standing one renewed ${mostRenewals ?? 0} times, once a second`;
  const gone = `. Instances that are gone without giving theirs up: ${abandoned}. The next change waits 3 seconds at most`;
  const mode = credentialLeases ? 'on' : 'off (CREDENTIAL_LEASES)';
  return [ok(`${mode}. ${now}${abandoned === 0 ? '' : gone}`)];
}

async function clockDifference({ database }: Environment, { clock }: Opened): Promise<Check[]> {
  const { ok, warning, problem } = checksOf('clock');
  const now = new Date().toISOString();
  if (database.type === 'sqlite') return [ok(`${now}; SQLite has no clock of its own`)];
  const aheadMs = await clock.compare();
  const apart = `${now}, ${Math.abs(aheadMs) / 1000} seconds ${aheadMs < 0 ? 'behind' : 'ahead of'} PostgreSQL`;
  if (Math.abs(aheadMs) > WRONG_CLOCK_MS) {
    return [
      problem(`${apart}: the service follows PostgreSQL, and unused keys are not revoked. Set the clocks by NTP`),
    ];
  }
  return [Math.abs(aheadMs) > INEXACT_CLOCK_MS ? warning(`${apart}. Set the clocks by NTP`) : ok(apart)];
}

function messageOf(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  return reasonOf(error);
}
