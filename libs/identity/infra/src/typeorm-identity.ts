import {
  type CataloguedScope,
  Identity,
  type IdentityPorts,
  type IdentitySettings,
  type ImportedKeys,
  type OperatorUseCases,
  operatorUseCasesOf,
  type SecretHasher,
  TokenFormat,
} from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { LruProofCache } from './cache/lru-proof-cache.js';
import { BcryptHmacSecretHasher, type SecretScheme } from './crypto/bcrypt-hmac-secret-hasher.js';
import { BcryptVerifier, type DamagedHashListener } from './crypto/bcrypt-verifier.js';
import { HashingQueue } from './crypto/hashing-queue.js';
import { HmacProof } from './crypto/hmac-proof.js';
import { ImportedHashVerifier } from './crypto/imported/imported-hash-verifier.js';
import { ImportedKeyLookups } from './crypto/imported/imported-key-lookups.js';
import { ImportedPeppers } from './crypto/imported/imported-peppers.js';
import { LazySecretHasher } from './crypto/lazy-secret-hasher.js';
import { PepperFormatError, PepperRing } from './crypto/pepper-ring.js';
import { createRepositories, type Repositories, type RepositoryOptions } from './persistence/repositories.js';
import { assertForeignKeys } from './persistence/database/durability.js';
import { tableNamesOf } from './persistence/tables/tables.js';
import { NodeRandomSource } from './runtime/node-random-source.js';
import { UuidV7Generator } from './runtime/uuid-v7-generator.js';

const DEFAULT_ENVIRONMENT = 'live';
const DEFAULT_BCRYPT_COST = 10;

/** Options of `createTypeOrmIdentity`. */
export interface TypeOrmIdentityOptions extends RepositoryOptions {
  /** Initialized, with `identityEntities` among its entities and `identityMigrations` among its migrations. */
  readonly dataSource: DataSource;
  /** The first part of every token, as in `acme_live_...`: 2 to 16 lower-case letters and digits. */
  readonly keyNamespace: string;
  /**
   * The second part of every token, by the same rule. A list if keys have several environments, such as
   * `['live', 'test']`: new keys have the first, unless another one is asked for. Default: `live`.
   */
  readonly keyEnvironment?: string | readonly [string, ...string[]];
  /**
   * The HMAC keys of the proofs, kept apart from the database and its backups: text as `generatePepper` makes it, or
   * parsed. A function is called when the first secret is made or verified, not before.
   */
  readonly peppers: string | PepperRing | (() => Promise<PepperRing>);
  /** What new secrets are stored with. Default: `bcrypt`. */
  readonly secretScheme?: SecretScheme;
  /** The cost of bcrypt for new secrets: log2 of its rounds, 4 to 14. Default: 10. */
  readonly bcryptCost?: number;
  /** Which keys of other systems are accepted too. Default: none. */
  readonly importedKeys?: ImportedKeysOptions | undefined;
  /** Most keys of one organization; revoked and expired ones do not count. Default: no limit. */
  readonly maxKeysPerOrganization?: number;
  /** The scopes that keys can be given, beside those of the identity API. Keys that hold others keep them. Default: any. */
  readonly scopeCatalogue?: readonly CataloguedScope[] | undefined;
  /** Whether the address and the user agent are kept from which each key was last used. Default: true. */
  readonly keepLastUsedFrom?: boolean;
  /** How long the usage of keys is kept by the hour, in days: a whole number from 1. Default: 90. */
  readonly usageHoursKeptDays?: number;
  /** The same by the day: a whole number from 31. Default: 1,095. */
  readonly usageDaysKeptDays?: number;
  /** Bounds the slow hashes, and counts them. Default: a queue of its own, with the bounds of this machine. */
  readonly hashingQueue?: HashingQueue;
  /** Called when a key is refused because its stored hash is damaged. Default: nothing is called. */
  readonly onDamagedHash?: DamagedHashListener | undefined;
}

const OPTIONS: Readonly<Record<keyof TypeOrmIdentityOptions, true>> = {
  dataSource: true,
  keyNamespace: true,
  keyEnvironment: true,
  peppers: true,
  secretScheme: true,
  bcryptCost: true,
  importedKeys: true,
  maxKeysPerOrganization: true,
  scopeCatalogue: true,
  keepLastUsedFrom: true,
  usageHoursKeptDays: true,
  usageDaysKeptDays: true,
  hashingQueue: true,
  onDamagedHash: true,
  leases: true,
  onLease: true,
  onLeaseWait: true,
  onlyRememberedPeppers: true,
};

/** How keys of other systems are found and verified. */
export interface ImportedKeysOptions {
  /** Text such as `sha256,hmac-sha256,prefix:8`, or parsed by `ImportedKeyLookups.parse`. */
  readonly lookups: string | ImportedKeyLookups;
  /** Text as `ImportedPeppers.parse` takes it, or parsed. Required by `hmac-sha256` and `nestarc`. Default: none. */
  readonly peppers?: string | ImportedPeppers;
}

/** The options of `IdentityModule.forRoot` that come from a database, and the use cases of its operator. */
export interface TypeOrmIdentity
  extends Repositories, Omit<IdentityPorts, keyof Repositories>, IdentitySettings, OperatorUseCases {
  readonly importedKeys: ImportedKeys | undefined;
}

/**
 * Keeps keys in the application's own database.
 *
 * @returns what `IdentityModule.forRoot` takes
 * @throws Error for an option that does not exist: a misspelled limit would be no limit
 * @throws Error where the data source is not initialized or lacks `identityEntities`, or SQLite ignores foreign keys
 * @throws PepperFormatError for peppers that cannot be read
 * @throws ImportedKeysFormatError for look-ups that cannot be read
 * @throws RangeError for a `scopeCatalogue` with an invalid entry
 * @throws RangeError for a `usageHoursKeptDays` or `usageDaysKeptDays` that would lose usage
 * @throws RangeError for a cost of bcrypt outside 4 to 14, or a `maxKeysPerOrganization` that is not a whole number from 1
 * @throws IdentityError `token.format_invalid` for a namespace or environment that no token can begin with
 * @example
 * ```ts
 * const peppers = await readOrCreatePepperFile('./data/peppers');
 * const identity = createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers });
 * const { token } = await identity.createOrganization.execute('First customer');
 * IdentityModule.forRoot({ ...identity, requestsPerMinute: 6000 });
 * ```
 */
export function createTypeOrmIdentity(options: TypeOrmIdentityOptions): TypeOrmIdentity {
  assertOptions(options);
  const {
    dataSource,
    keyNamespace,
    keyEnvironment = DEFAULT_ENVIRONMENT,
    maxKeysPerOrganization,
    scopeCatalogue,
    keepLastUsedFrom,
    usageHoursKeptDays,
    usageDaysKeptDays,
  } = options;
  tableNamesOf(dataSource);
  if (dataSource.options.type === 'better-sqlite3') assertForeignKeys(dataSource);
  const importedPeppers = importedPeppersOf(options);
  const ports = {
    ...createRepositories(dataSource, options),
    secretHasher: createSecretHasher(options, importedPeppers),
    proofs: new LruProofCache(),
    random: new NodeRandomSource(),
    ids: new UuidV7Generator(),
    importedKeys: importedKeysOf(options, importedPeppers),
  };
  const environments = typeof keyEnvironment === 'string' ? ([keyEnvironment] as const) : keyEnvironment;
  const settings = {
    tokenFormat: new TokenFormat(keyNamespace, ...environments),
    maxKeysPerOrganization,
    scopeCatalogue,
    keepLastUsedFrom,
    usageHoursKeptDays,
    usageDaysKeptDays,
  };
  const identity = new Identity(ports, settings);
  return { ...ports, ...settings, ...operatorUseCasesOf(identity) };
}

/** Types do not see a misspelled name in JavaScript, or in what a function returns. */
function assertOptions(options: object): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown === undefined) return;
  const names = Object.keys(OPTIONS).join(', ');
  throw new Error(`createTypeOrmIdentity has no option ${unknown}. It has ${names}.`);
}

function importedPeppersOf({ importedKeys }: TypeOrmIdentityOptions): ImportedPeppers {
  const peppers = importedKeys?.peppers ?? ImportedPeppers.none;
  return typeof peppers === 'string' ? ImportedPeppers.parse(peppers) : peppers;
}

function importedKeysOf({ importedKeys }: TypeOrmIdentityOptions, peppers: ImportedPeppers): ImportedKeys | undefined {
  const lookups = importedKeys?.lookups;
  return typeof lookups === 'string' ? ImportedKeyLookups.parse(lookups, peppers) : lookups;
}

function createSecretHasher(options: TypeOrmIdentityOptions, importedPeppers: ImportedPeppers): SecretHasher {
  const { peppers, secretScheme, bcryptCost = DEFAULT_BCRYPT_COST, onDamagedHash } = options;
  const queue = options.hashingQueue ?? new HashingQueue();
  const bcrypt = new BcryptVerifier(bcryptCost, queue, onDamagedHash);
  const imported = new ImportedHashVerifier({ bcrypt, queue, peppers: importedPeppers, onDamagedHash });
  const hasherWith = (ring: PepperRing) =>
    new BcryptHmacSecretHasher(bcrypt, new HmacProof(ring), secretScheme, imported);
  if (typeof peppers === 'function') return new LazySecretHasher(async () => hasherWith(await peppers()));
  return hasherWith(pepperRingOf(peppers));
}

function pepperRingOf(peppers: string | PepperRing | undefined): PepperRing {
  if (peppers instanceof PepperRing) return peppers;
  try {
    // Types do not see a variable that is not set: `process.env.PEPPERS!`.
    return PepperRing.parse(peppers ?? '');
  } catch (error) {
    if (!(error instanceof PepperFormatError)) throw error;
    throw new PepperFormatError(`peppers ${error.message}. readOrCreatePepperFile and generatePepper(1) make them.`);
  }
}
