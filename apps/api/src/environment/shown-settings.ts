import { resolve } from 'node:path';
import { type DatabaseLocation, type RedisLocation, redisName } from '@feather-identity/infra';
import { databaseName } from './database-name.js';
import type { GivenSettings, Origin } from './given-settings.js';
import { misspelledSettings } from './misspelled-settings.js';

/** A setting as it is shown to people. */
export interface Setting {
  readonly name: string;
  readonly origin: Origin;
  /** `set` for a secret; null for a setting without a value. */
  readonly value: string | null;
}

/** Settings whose value nobody may see. */
const SECRETS: readonly string[] = ['SECRET_PEPPERS', 'IMPORTED_KEY_PEPPERS', 'BOOTSTRAP_API_KEY'];
const PATHS: readonly string[] = [
  'SECRET_PEPPERS_FILE',
  'BOOTSTRAP_API_KEY_FILE',
  'RATE_LIMIT_STORE_FILE',
  'SCOPES_FILE',
];

/** Servers whose address may have a password. */
export interface Servers {
  readonly database: DatabaseLocation;
  readonly store: RedisLocation | null;
}

/** All settings, from their values by name. */
export function shownSettings(
  values: Readonly<Record<string, unknown>>,
  given: GivenSettings,
  { database, store }: Servers,
): Setting[] {
  const names: Readonly<Record<string, string>> = {
    DATABASE_URL: databaseName(database),
    ...(store !== null && { RATE_LIMIT_STORE: redisName(store) }),
  };
  return Object.entries(values).map(([name, value]) => ({
    name,
    origin: given.originOf(name),
    value: names[name] ?? shown(name, value, given),
  }));
}

function shown(name: string, value: unknown, given: GivenSettings): string | null {
  const text = given.values[name];
  if (SECRETS.includes(name)) return text === undefined ? null : 'set';
  if (PATHS.includes(name)) return typeof value === 'string' ? resolve(given.pathOf(name, value)) : null;
  if (text !== undefined) return text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

/** What an operator should know of the settings, one sentence each. */
export function warningsOf(given: GivenSettings, names: readonly string[], { database, store }: Servers): string[] {
  const misspelled = [...misspelledSettings(Object.keys(given.values), names)].map(
    ([name, meant]) => `${name} is not a setting of this service. Did you mean ${meant}?`,
  );
  const { file } = given;
  const hasSecret =
    SECRETS.some((name) => given.originOf(name) === 'file') ||
    (given.originOf('DATABASE_URL') === 'file' && database.type === 'postgres' && hasPassword(database.url)) ||
    (given.originOf('RATE_LIMIT_STORE') === 'file' && store?.password !== undefined);
  if (file === null || !file.isPublic || !hasSecret) return misspelled;
  return [...misspelled, `Every user may read ${file.path}, which has secrets: chmod o= ${file.path}`];
}

function hasPassword(url: string): boolean {
  const { password, searchParams } = new URL(url);
  return password !== '' || searchParams.has('password');
}
