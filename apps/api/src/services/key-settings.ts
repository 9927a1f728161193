import {
  DatabaseNotReadyError,
  type KeySettings,
  type PepperRing,
  readKeySettings,
  readUsedKeySettings,
  rememberKeySettings,
} from '@feather-identity/infra';
import type { DataSource } from 'typeorm';
import { EnvironmentError } from '../environment/environment-error.js';
import type { Environment } from '../environment/environment.js';
import { findPeppers, loadPeppers, pepperSource } from './peppers.js';

/** How the settings of this process differ from those with which the keys of its database are made. */
export interface KeySettingsFault {
  readonly about: 'format' | 'peppers';
  readonly message: string;
}

/**
 * The peppers of a start of the service. Outside production a missing file is created, unless the database has keys of
 * other peppers. Lets the database remember the settings. Throws `EnvironmentError` if they disagree with it.
 */
export async function startWithKeySettings(
  env: Environment,
  dataSource: DataSource,
  found: PepperRing | null,
): Promise<PepperRing> {
  for (;;) {
    const { remembered, known } = await readKnown(env, dataSource);
    // Another process may have started meanwhile, and made the file before it was remembered.
    const present = found ?? (await findPeppers(env));
    const peppers = present ?? ((known?.pepperIds.length ?? 0) === 0 ? await loadPeppers(env) : null);
    assertSame(env, known, peppers);
    if (peppers === null) throw new EnvironmentError([lostFile(env, known)]);
    const next = { ...formatOf(env), pepperIds: mergedPeppers(known?.pepperIds ?? [], peppers.ids) };
    if (isEqual(remembered, next) || (await rememberKeySettings(dataSource, next, remembered))) return peppers;
  }
}

/**
 * The peppers under which a command makes keys: those with which the service was started. Throws `EnvironmentError` if the
 * settings disagree with the database. Creates no file.
 */
export async function peppersOfCommand(env: Environment, dataSource: DataSource): Promise<PepperRing> {
  const peppers = await findPeppers(env);
  const { remembered, known } = await readKnown(env, dataSource);
  assertSame(env, known, peppers);
  if (peppers === null) throw new EnvironmentError([lostFile(env, known)]);
  if (remembered === null || remembered.pepperIds.length === 0) {
    return startWithKeySettings(env, dataSource, peppers);
  }
  if (remembered.pepperIds.includes(peppers.current.id)) return peppers;
  throw new EnvironmentError([
    `The current pepper ${peppers.current.id} of ${pepperSource(env)} is new to this database. Start the service with it ` +
      'first: otherwise the running service could not check the proof of this key.',
  ]);
}

/** Checks what a command stores that makes no secret. Throws `EnvironmentError` if the settings disagree with the database. */
export async function assertKeySettings(env: Environment, dataSource: DataSource): Promise<void> {
  const { known } = await readKnown(env, dataSource);
  assertSame(env, known, await findPeppers(env));
}

/** What the database knows and these settings have otherwise. Peppers that are null are not compared. */
export function keySettingsFaults(
  env: Environment,
  known: KeySettings | null,
  peppers: PepperRing | null,
): KeySettingsFault[] {
  if (known === null) return [];
  const faults: KeySettingsFault[] = [];
  const [own, stored] = [prefixOf(formatOf(env)), prefixOf(known)];
  if (own !== stored) {
    faults.push({
      about: 'format',
      message:
        `KEY_NAMESPACE and KEY_ENVIRONMENT make keys that begin with ${own}, but those of this database begin with ` +
        `${stored}. Set KEY_NAMESPACE=${known.keyNamespace} and KEY_ENVIRONMENT=${known.keyEnvironment}, or check that ` +
        'this is the right database. To change the beginning for good, so that the service refuses all older keys: ' +
        '`feather migrate --accept-key-format`',
    });
  }
  if (peppers !== null && known.pepperIds.length > 0 && !known.pepperIds.some((id) => peppers.find(id) !== undefined)) {
    faults.push({
      about: 'peppers',
      message:
        `${pepperSource(env)} has the pepper ${peppers.ids.join(', ')}, but the keys of this database were made under ` +
        `${known.pepperIds.join(', ')}. Put that pepper back, beside the new one if there is one. If it is lost for ` +
        'good: `feather migrate --accept-peppers` (docs/operating/peppers.md)',
    });
  }
  return faults;
}

/**
 * Throws `DatabaseNotReadyError` where a running service goes on with a pepper that the database does not remember any more:
 * it makes no keys, and refuses those without a hash that others make.
 */
export async function assertPepperIsRemembered(dataSource: DataSource, { current }: PepperRing): Promise<void> {
  const remembered = await readKeySettings(dataSource);
  if (remembered === null || remembered.pepperIds.includes(current.id)) return;
  throw new DatabaseNotReadyError('Other peppers were accepted while this instance ran: restart it with them.');
}

/** What the database remembers, and if that is nothing, what its keys were made with. */
export async function readKnown(
  env: Environment,
  dataSource: DataSource,
): Promise<{ readonly remembered: KeySettings | null; readonly known: KeySettings | null }> {
  const remembered = await readKeySettings(dataSource);
  if (remembered !== null) return { remembered, known: remembered };
  const own = { ...formatOf(env), pepperIds: (await findPeppers(env))?.ids ?? [] };
  return { remembered, known: await readUsedKeySettings(dataSource, own) };
}

/** What an operator accepts on purpose. */
export interface Accepted {
  readonly keyFormat: boolean;
  readonly peppers: boolean;
}

/** Lets the database remember the settings of this process although they disagree. Returns what it remembers now. */
export async function acceptKeySettings(
  env: Environment,
  dataSource: DataSource,
  accepted: Accepted,
): Promise<KeySettings> {
  const peppers = accepted.peppers ? await findPeppers(env) : null;
  for (;;) {
    const { remembered, known } = await readKnown(env, dataSource);
    const next = {
      ...(accepted.keyFormat || known === null ? formatOf(env) : known),
      // Without a pepper the next start brings its own.
      pepperIds: accepted.peppers ? (peppers?.ids ?? []) : (known?.pepperIds ?? []),
    };
    if (await rememberKeySettings(dataSource, next, remembered)) return next;
  }
}

/** How keys begin. */
export function prefixOf({ keyNamespace, keyEnvironment }: Omit<KeySettings, 'pepperIds'>): string {
  return `${keyNamespace}_${keyEnvironment}_`;
}

/**
 * The peppers to remember after a start, the newest first. Those that the start does not have any more are forgotten if
 * they are older than one that it has: an instance that was not restarted yet must not forget the pepper that comes next.
 */
export function mergedPeppers(remembered: readonly string[], started: readonly string[]): string[] {
  const newest = remembered.findIndex((id) => started.includes(id));
  const kept = remembered.filter((id, index) => started.includes(id) || index < newest);
  return [...started.filter((id) => !remembered.includes(id)), ...kept];
}

function assertSame(env: Environment, known: KeySettings | null, peppers: PepperRing | null): void {
  const faults = keySettingsFaults(env, known, peppers);
  if (faults.length > 0) throw new EnvironmentError(faults.map(({ message }) => message));
}

function lostFile(env: Environment, known: KeySettings | null): string {
  const missing = `${pepperSource(env)} does not exist.`;
  if (known === null || known.pepperIds.length === 0) {
    return (
      `${missing} Use the settings of the service, or make a pepper before its first start: ` +
      '(umask 077; feather pepper generate > FILE)'
    );
  }
  return (
    `${missing} The keys of this database were made under the pepper ${known.pepperIds.join(', ')}: put the file back. ` +
    'If it is lost for good: `feather migrate --accept-peppers` (docs/operating/peppers.md)'
  );
}

function formatOf({ tokenFormat }: Environment): Pick<KeySettings, 'keyNamespace' | 'keyEnvironment'> {
  return { keyNamespace: tokenFormat.namespace, keyEnvironment: tokenFormat.environment };
}

function isEqual(one: KeySettings | null, other: KeySettings): boolean {
  return one !== null && prefixOf(one) === prefixOf(other) && one.pepperIds.join() === other.pepperIds.join();
}
