import {
  ApiKeyFactory,
  AuditEvents,
  CreateOrganization,
  type IdGenerator,
  ImportApiKeys,
  type ImportedKeys,
  KeyGenerator,
  OrganizationFactory,
  type ProofCache,
  type RandomSource,
  type SecretHasher,
  TokenFormat,
} from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { LruProofCache } from './cache/lru-proof-cache.js';
import { BcryptHmacSecretHasher, type SecretScheme } from './crypto/bcrypt-hmac-secret-hasher.js';
import { HashingQueue } from './crypto/hashing-queue.js';
import { BcryptVerifier } from './crypto/bcrypt-verifier.js';
import { ImportedPeppers } from './crypto/imported/imported-peppers.js';
import { ImportedHashVerifier } from './crypto/imported/imported-hash-verifier.js';
import { ImportedKeyLookups } from './crypto/imported/imported-key-lookups.js';
import { HmacProof } from './crypto/hmac-proof.js';
import { PepperRing } from './crypto/pepper-ring.js';
import { createRepositories, type Repositories } from './persistence/repositories.js';
import { assertForeignKeys } from './persistence/database/sqlite-settings.js';
import { tableNamesOf } from './persistence/tables/tables.js';
import { NodeRandomSource } from './runtime/node-random-source.js';
import { UuidV7Generator } from './runtime/uuid-v7-generator.js';

const DEFAULT_ENVIRONMENT = 'live';
const DEFAULT_BCRYPT_COST = 10;

/** What an application decides that keeps keys in its own database. */
export interface TypeOrmIdentityOptions {
  /** Initialized, with `identityEntities` among its entities and `identityMigrations` among its migrations. */
  readonly dataSource: DataSource;
  /** What tokens begin with, as in `acme_live_...`: 2 to 16 lower-case letters and digits. */
  readonly keyNamespace: string;
  /** What comes next in them; `live` without it. */
  readonly keyEnvironment?: string;
  /** As `PepperRing.parse` takes them, kept apart from the database and its backups; `generatePepper` makes one. */
  readonly peppers: string;
  /** What new secrets are stored with; `bcrypt` without it. */
  readonly secretScheme?: SecretScheme;
  /** log2 of the rounds for new secrets; 10 without it. */
  readonly bcryptCost?: number;
  /** Which keys of other systems are accepted too; none without it. */
  readonly importedKeys?: ImportedKeysOptions;
}

/** How keys of other systems are found. */
export interface ImportedKeysOptions {
  /** As `ImportedKeyLookups.parse` takes them: `sha256,hmac-sha256,prefix:8`. */
  readonly lookups: string;
  /** As `ImportedPeppers.parse` takes them; `hmac-sha256` needs them. */
  readonly peppers?: string;
}

/** What `IdentityModule.forRoot` asks an application for, and what makes its first organization and key. */
export interface TypeOrmIdentity extends Repositories {
  readonly secretHasher: SecretHasher;
  readonly proofs: ProofCache;
  readonly tokenFormat: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly importedKeys: ImportedKeys | undefined;
  readonly createOrganization: CreateOrganization;
  /** Takes keys of other systems over. They work where `importedKeys` finds them. */
  readonly importApiKeys: ImportApiKeys;
}

/**
 * Keeps keys in the application's own database. Throws where the data source is not ready for them, for peppers that
 * cannot be read and for a namespace that tokens cannot begin with.
 */
export function createTypeOrmIdentity(options: TypeOrmIdentityOptions): TypeOrmIdentity {
  const { dataSource, keyNamespace, keyEnvironment = DEFAULT_ENVIRONMENT } = options;
  tableNamesOf(dataSource);
  if (dataSource.options.type === 'better-sqlite3') assertForeignKeys(dataSource);
  const repositories = createRepositories(dataSource);
  const importedPeppers = importedPeppersOf(options);
  const secretHasher = createSecretHasher(options, importedPeppers);
  const importedKeys = options.importedKeys && ImportedKeyLookups.parse(options.importedKeys.lookups, importedPeppers);
  const tokenFormat = new TokenFormat(keyNamespace, keyEnvironment);
  const [random, ids, { clock }] = [new NodeRandomSource(), new UuidV7Generator(), repositories];
  const events = new AuditEvents(ids, clock);
  const apiKeyFactory = new ApiKeyFactory(new KeyGenerator(tokenFormat, random), secretHasher, ids, clock, events);
  const organizationFactory = new OrganizationFactory(apiKeyFactory, ids, clock, events);
  const createOrganization = new CreateOrganization(repositories.organizations, organizationFactory);
  const importApiKeys = new ImportApiKeys({ ...repositories, format: tokenFormat, random, ids, clock, events });
  const proofs = new LruProofCache();
  const made = { ...repositories, secretHasher, proofs, tokenFormat, random, ids };
  return { ...made, importedKeys, createOrganization, importApiKeys };
}

function importedPeppersOf({ importedKeys }: TypeOrmIdentityOptions): ImportedPeppers {
  return importedKeys?.peppers === undefined ? ImportedPeppers.none : ImportedPeppers.parse(importedKeys.peppers);
}

function createSecretHasher(options: TypeOrmIdentityOptions, importedPeppers: ImportedPeppers): SecretHasher {
  const { peppers, secretScheme, bcryptCost = DEFAULT_BCRYPT_COST } = options;
  const queue = new HashingQueue();
  const bcrypt = new BcryptVerifier(bcryptCost, queue);
  const imported = new ImportedHashVerifier({ bcrypt, queue, peppers: importedPeppers });
  return new BcryptHmacSecretHasher(bcrypt, new HmacProof(PepperRing.parse(peppers)), secretScheme, imported);
}
