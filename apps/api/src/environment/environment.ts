import { TokenFormat } from '@feather-identity/core';
import {
  type DatabaseLocation,
  ImportedPeppers,
  ImportedKeyLookups,
  ImportedKeysFormatError,
  type PepperRing,
  type RedisLocation,
  type SecretScheme,
} from '@feather-identity/infra';
import { cleanEnv, type ReporterOptions } from 'envalid';
import { EnvironmentError } from './environment-error.js';
import { ALTERNATIVES, GivenSettings } from './given-settings.js';
import { misspelledSettings } from './misspelled-settings.js';
import {
  databaseUrl,
  flag,
  importedPeppers,
  integer,
  networks,
  oneOf,
  redisUrl,
  origins,
  peppers,
  publicUrl,
  text,
  keyEnvironment,
  tokenWord,
} from './rules.js';
import type { SettingsFile } from './settings-file.js';
import { type Setting, shownSettings, warningsOf } from './shown-settings.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Settings that people expect, and why there is none. Left alone, they would believe that it works. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  DATABASE_READ_URL:
    'is not supported: look-ups at a replica would accept keys that are revoked (docs/adr/0046-failover-and-regions.md). ' +
    'Unset it; DATABASE_URL serves all reads, and CREDENTIAL_LEASES=on keeps them few',
};

/** All settings of the process, read and checked once. */
export interface Environment {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Seconds for which the service serves on after a signal to stop, while load balancers notice. */
  readonly shutdownGraceSeconds: number;
  /** Seconds for which a connection without requests stays open. */
  readonly keepAliveSeconds: number;
  readonly database: DatabaseLocation;
  readonly databasePoolSize: number;
  readonly allowNonDurable: boolean;
  /** Whether keys are verified from memory, under a lease of PostgreSQL. */
  readonly credentialLeases: boolean;
  readonly tokenFormat: TokenFormat;
  /** The verifiers that are stored of a new secret. */
  readonly secretScheme: SecretScheme;
  readonly bcryptCost: number;
  /** The value of SECRET_PEPPERS; null if the peppers are in `peppersFile`. */
  readonly peppers: PepperRing | null;
  readonly peppersFile: string;
  /** How keys of other systems are found; null if none are accepted. */
  readonly importedKeys: ImportedKeyLookups | null;
  /** The peppers of those systems. */
  readonly importedPeppers: ImportedPeppers;
  readonly bootstrapApiKey: string | null;
  readonly bootstrapApiKeyFile: string | null;
  readonly bootstrapOrganizationName: string;
  /** Seconds between two writes of last uses and renewed proofs. */
  readonly flushSeconds: number;
  /** Whether it is kept from where each key was last used. */
  readonly keepLastUsedFrom: boolean;
  /** Days for which the usage of keys is kept by the hour. */
  readonly usageHoursKeptDays: number;
  /** The same by the day. */
  readonly usageDaysKeptDays: number;
  /** Refused tokens a minute from one address; null for no limit. */
  readonly failuresPerMinute: number | null;
  /** Requests a minute of one organization; null for no limit. */
  readonly requestsPerMinute: number | null;
  /** Where all instances count together; null if it is in `rateLimitStoreFile`, or each counts for itself. */
  readonly rateLimitStore: RedisLocation | null;
  readonly rateLimitStoreFile: string | null;
  /** How long a request waits for it, in milliseconds. */
  readonly rateLimitStoreTimeoutMs: number;
  /** Unrevoked keys of one organization. */
  readonly maxKeysPerOrganization: number;
  /** Absolute path of the catalogue of scopes; null for none. */
  readonly scopesFile: string | null;
  /** Addresses and networks whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** Under which clients reach the service, without a slash at its end; null if nobody said. */
  readonly publicUrl: string | null;
  /** The origins whose pages may use the API; `*` alone for every one, empty for none. */
  readonly corsOrigins: readonly string[];
  /** Whether keys are accepted as `Authorization: Bearer` too. */
  readonly acceptBearer: boolean;
  /** Whether the console and what it needs are served. */
  readonly console: boolean;
  readonly metrics: boolean;
  /** Whether the metrics have requests by key, too. */
  readonly metricsByKey: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: 'json' | 'pretty';
  /** Absolute path of the file with settings; null if there is none. */
  readonly settingsFile: string | null;
  /** All settings by name, for people: without secrets. */
  readonly settings: readonly Setting[];
  /** What an operator should know of the settings, one sentence each. */
  readonly warnings: readonly string[];
}

/** Reads and checks the settings. Throws `EnvironmentError` with one line for each wrong setting. */
export function readEnvironment(
  given: GivenSettings = GivenSettings.ofProcess(),
  isTerminal: boolean = process.stdout.isTTY,
): Environment {
  const production = given.values['NODE_ENV'] === 'production';
  const rules = {
    // A typo here would print keys into log stores.
    NODE_ENV: oneOf('production', 'development', 'test')({ default: 'development' }),
    PORT: integer(0, 65_535)({ default: 8000 }),
    HOST: text({ default: '127.0.0.1' }),
    SHUTDOWN_GRACE_SECONDS: integer(0, 3600)({ default: 5 }),
    KEEP_ALIVE_SECONDS: integer(1, 86_400)({ default: 65 }),
    DATABASE_URL: databaseUrl({ default: { type: 'sqlite', path: './data/identity.db' } }),
    DATABASE_POOL_SIZE: integer(2, 1000)({ default: 10 }),
    DATABASE_ALLOW_NON_DURABLE: flag({ default: false }),
    CREDENTIAL_LEASES: oneOf('on', 'off')({ default: 'on' }),
    KEY_NAMESPACE: tokenWord({ default: 'fth' }),
    KEY_ENVIRONMENT: keyEnvironment({ default: 'live' }),
    SECRET_HASHER: oneOf('bcrypt', 'hmac-sha256')({ default: 'bcrypt' }),
    BCRYPT_COST: integer(10, 14)({ default: 10 }),
    SECRET_PEPPERS: peppers({ default: undefined }),
    SECRET_PEPPERS_FILE: text({ default: './data/peppers' }),
    IMPORTED_KEYS: text({ default: undefined }),
    IMPORTED_KEY_PEPPERS: importedPeppers({ default: ImportedPeppers.none }),
    BOOTSTRAP_API_KEY: text({ default: undefined }),
    BOOTSTRAP_API_KEY_FILE: text({ default: undefined }),
    BOOTSTRAP_ORGANIZATION_NAME: text({ default: 'Default organization' }),
    LAST_USED_FLUSH_SECONDS: integer(1, 3600)({ default: 10 }),
    LAST_USED_FROM: oneOf('on', 'off')({ default: 'on' }),
    USAGE_HOURS_KEPT_DAYS: integer(1, 36_500)({ default: 90 }),
    USAGE_DAYS_KEPT_DAYS: integer(31, 36_500)({ default: 1095 }),
    FAILED_AUTHENTICATIONS_PER_MINUTE: integer(0, 1_000_000)({ default: 600 }),
    ORGANIZATION_RATE_LIMIT_PER_MINUTE: integer(0, 100_000_000)({ default: 6000 }),
    RATE_LIMIT_STORE: redisUrl({ default: undefined }),
    RATE_LIMIT_STORE_FILE: text({ default: undefined }),
    RATE_LIMIT_STORE_TIMEOUT_MS: integer(1, 10_000)({ default: 50 }),
    MAX_KEYS_PER_ORGANIZATION: integer(1, 1_000_000)({ default: 1000 }),
    SCOPES_FILE: text({ default: undefined }),
    TRUSTED_PROXIES: networks({ default: [] }),
    PUBLIC_URL: publicUrl({ default: undefined }),
    CORS_ORIGINS: origins({ default: [] }),
    ACCEPT_BEARER: oneOf('on', 'off')({ default: 'off' }),
    CONSOLE: oneOf('on', 'off')({ default: production ? 'off' : 'on' }),
    METRICS: oneOf('on', 'off')({ default: 'off' }),
    METRICS_BY_KEY: oneOf('on', 'off')({ default: 'off' }),
    LOG_LEVEL: oneOf(...LOG_LEVELS)({ default: 'info' }),
    LOG_FORMAT: oneOf('json', 'pretty')({ default: isTerminal && !production ? 'pretty' : 'json' }),
  };
  const names = Object.keys(rules);
  const env = cleanEnv({ ...given.values }, rules, { reporter: (result) => report(result, given, names) });
  const database = inFolder(given, env.DATABASE_URL);
  const environment = {
    production,
    port: env.PORT,
    host: env.HOST,
    shutdownGraceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    keepAliveSeconds: env.KEEP_ALIVE_SECONDS,
    database,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    allowNonDurable: env.DATABASE_ALLOW_NON_DURABLE,
    credentialLeases: env.CREDENTIAL_LEASES === 'on',
    tokenFormat: new TokenFormat(env.KEY_NAMESPACE, env.KEY_ENVIRONMENT),
    secretScheme: env.SECRET_HASHER,
    bcryptCost: env.BCRYPT_COST,
    peppers: env.SECRET_PEPPERS ?? null,
    peppersFile: given.pathOf('SECRET_PEPPERS_FILE', env.SECRET_PEPPERS_FILE),
    importedKeys: readImportedKeys(env.IMPORTED_KEYS, env.IMPORTED_KEY_PEPPERS),
    importedPeppers: env.IMPORTED_KEY_PEPPERS,
    bootstrapApiKey: env.BOOTSTRAP_API_KEY ?? null,
    bootstrapApiKeyFile:
      env.BOOTSTRAP_API_KEY_FILE === undefined
        ? null
        : given.pathOf('BOOTSTRAP_API_KEY_FILE', env.BOOTSTRAP_API_KEY_FILE),
    bootstrapOrganizationName: env.BOOTSTRAP_ORGANIZATION_NAME,
    flushSeconds: env.LAST_USED_FLUSH_SECONDS,
    keepLastUsedFrom: env.LAST_USED_FROM === 'on',
    usageHoursKeptDays: env.USAGE_HOURS_KEPT_DAYS,
    usageDaysKeptDays: env.USAGE_DAYS_KEPT_DAYS,
    failuresPerMinute: env.FAILED_AUTHENTICATIONS_PER_MINUTE || null,
    requestsPerMinute: env.ORGANIZATION_RATE_LIMIT_PER_MINUTE || null,
    rateLimitStore: env.RATE_LIMIT_STORE ?? null,
    rateLimitStoreFile:
      env.RATE_LIMIT_STORE_FILE === undefined ? null : given.pathOf('RATE_LIMIT_STORE_FILE', env.RATE_LIMIT_STORE_FILE),
    rateLimitStoreTimeoutMs: env.RATE_LIMIT_STORE_TIMEOUT_MS,
    maxKeysPerOrganization: env.MAX_KEYS_PER_ORGANIZATION,
    scopesFile: env.SCOPES_FILE === undefined ? null : given.pathOf('SCOPES_FILE', env.SCOPES_FILE),
    trustedProxies: env.TRUSTED_PROXIES,
    publicUrl: env.PUBLIC_URL ?? null,
    corsOrigins: env.CORS_ORIGINS,
    acceptBearer: env.ACCEPT_BEARER === 'on',
    console: env.CONSOLE === 'on',
    metrics: env.METRICS === 'on',
    metricsByKey: env.METRICS_BY_KEY === 'on',
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
    settingsFile: given.file?.path ?? null,
    settings: shownSettings(env, given, { database, store: env.RATE_LIMIT_STORE ?? null }),
  };
  return {
    ...environment,
    warnings: [
      ...warningsOf(given, names, { database, store: environment.rateLimitStore }),
      ...missingSettings(environment, given),
    ],
  };
}

/** What settings need of others to have an effect. */
function missingSettings(env: Omit<Environment, 'warnings'>, { values }: GivenSettings): string[] {
  const missing: string[] = [];
  if (env.metricsByKey && !env.metrics) missing.push('METRICS_BY_KEY=on does nothing without METRICS=on.');
  if (Boolean(values['RATE_LIMIT_STORE_TIMEOUT_MS']) && env.rateLimitStore === null && env.rateLimitStoreFile === null)
    missing.push('RATE_LIMIT_STORE_TIMEOUT_MS does nothing without RATE_LIMIT_STORE.');
  if (env.production && env.console && env.publicUrl === null && env.trustedProxies.length === 0)
    missing.push('CONSOLE=on, but nobody can sign in: set PUBLIC_URL to the address that browsers use, over HTTPS.');
  return missing;
}

function inFolder(given: GivenSettings, location: DatabaseLocation): DatabaseLocation {
  return location.type === 'sqlite' ? { ...location, path: given.pathOf('DATABASE_URL', location.path) } : location;
}

function readImportedKeys(lookups: string | undefined, peppers: ImportedPeppers): ImportedKeyLookups | null {
  if (lookups === undefined && peppers.names.length === 0) return null;
  try {
    return ImportedKeyLookups.parse(lookups ?? '', peppers);
  } catch (error) {
    if (error instanceof ImportedKeysFormatError) throw new EnvironmentError([`IMPORTED_KEYS ${error.message}`]);
    throw error;
  }
}

function report<T>({ errors }: ReporterOptions<T>, { values, file }: GivenSettings, names: readonly string[]): void {
  const lines = Object.entries<Error | undefined>(errors).map(([name, error]) => `${name} ${error?.message ?? ''}`);
  for (const [variable, other] of ALTERNATIVES) {
    if (values[variable] !== undefined && values[other] !== undefined) {
      lines.push(`${variable} and ${other} exclude each other: set one of them`);
    }
  }
  for (const [name, reason] of Object.entries(UNSUPPORTED)) {
    if (values[name] !== undefined) lines.push(`${name} ${reason}`);
  }
  if (file !== null) lines.push(...strangersOf(file, names));
  if (lines.length > 0) throw new EnvironmentError(lines);
}

/** The environment has variables of other programs, a settings file has not. */
function strangersOf({ path, lines }: SettingsFile, names: readonly string[]): string[] {
  const meant = misspelledSettings([...lines.keys()], names);
  return [...lines]
    .filter(([name]) => !names.includes(name) && !(name in UNSUPPORTED))
    .map(([name, line]) => {
      const hint = meant.has(name) ? ` Did you mean ${meant.get(name) ?? ''}?` : '';
      return `The settings file ${path}, line ${line}: ${name} is not a setting of this service.${hint}`;
    });
}
