export { BcryptHmacSecretHasher, type SecretScheme } from './crypto/bcrypt-hmac-secret-hasher.js';
export { type HashingLimits, HashingQueue } from './crypto/hashing-queue.js';
export { BcryptVerifier, type DamagedHashListener } from './crypto/bcrypt-verifier.js';
export { ImportedPeppers } from './crypto/imported/imported-peppers.js';
export {
  canonicalHash,
  type CanonicalHash,
  type ImportedHash,
  ImportedHashError,
  HASH_ENCODINGS,
  HASH_SCHEMES,
} from './crypto/imported/canonical-hash.js';
export { type ImportedHashParts, ImportedHashVerifier } from './crypto/imported/imported-hash-verifier.js';
export { ImportedKeyLookups, ImportedKeysFormatError } from './crypto/imported/imported-key-lookups.js';
export { LruProofCache } from './cache/lru-proof-cache.js';
export { HmacProof, type ProofVerdict } from './crypto/hmac-proof.js';
export { readOrCreatePepperFile, readPepperFile } from './crypto/pepper-file.js';
export { generatePepper, type Pepper, PepperFormatError, PepperRing } from './crypto/pepper-ring.js';
export { NewerDatabaseError, readAppliedMigrations, type AppliedMigrations } from './persistence/applied-migrations.js';
export { type DatabaseLocation, DatabaseUrlError, parseDatabaseUrl } from './persistence/database-url.js';
export { checkDurability } from './persistence/check-durability.js';
export { type Dialect } from './persistence/dialect.js';
export { identityEntities } from './persistence/entities.js';
export { identityMigrations, type MigrationClass } from './persistence/identity-migrations.js';
export { NonDurableDatabaseError } from './persistence/non-durable-database-error.js';
export { NotMigratedError } from './persistence/not-migrated-error.js';
export { type ImportedKeyUsage, readImportedKeyUsage } from './persistence/imported-key-usage.js';
export { type DatabaseOptions } from './persistence/data-source.js';
export { openDatabase, type OpenDatabaseOptions } from './persistence/open-database.js';
export { type PepperUsage, readLostPeppers, readPepperUsage } from './persistence/pepper-usage.js';
export { DatabaseNotReadyError } from './persistence/database-not-ready-error.js';
export { assertReady } from './persistence/readiness.js';
export { createRepositories, type Repositories } from './persistence/repositories.js';
export { type DatabaseFaultListener, onDatabaseFault } from './persistence/sqlite-health.js';
export { UnusableFileError } from './persistence/sqlite-path.js';
export { adviceOn } from './persistence/storage-error.js';
export { setSqlitePragmas } from './persistence/sqlite-settings.js';
export { type TableNaming } from './persistence/table-naming.js';
export { NodeRandomSource } from './runtime/node-random-source.js';
export { DatabaseClock } from './runtime/database-clock.js';
export { UuidV7Generator } from './runtime/uuid-v7-generator.js';
export {
  createTypeOrmIdentity,
  type ImportedKeysOptions,
  type TypeOrmIdentity,
  type TypeOrmIdentityOptions,
} from './typeorm-identity.js';
