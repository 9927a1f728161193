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
export {
  type AppliedMigrations,
  NewerDatabaseError,
  NotMigratedError,
  type NotMigratedState,
  readAppliedMigrations,
} from './persistence/database/migrate.js';
export {
  BackupError,
  type BackupOptions,
  backUpSqlite,
  inspectDatabase,
  type StoredData,
} from './persistence/database/backup.js';
export { type DatabaseLocation, DatabaseUrlError, parseDatabaseUrl } from './persistence/database/database-url.js';
export {
  checkDurability,
  NonDurableDatabaseError,
  readUnawaitedStandbys,
  setSqlitePragmas,
} from './persistence/database/durability.js';
export { HostTablesError } from './persistence/database/host-tables.js';
export { type DatabaseOptions } from './persistence/database/data-source.js';
export { openDatabase, type OpenDatabaseOptions, UnusableFileError } from './persistence/database/open-database.js';
export {
  type KeySettings,
  readKeySettings,
  readUsedKeySettings,
  rememberKeySettings,
} from './persistence/database/key-settings.js';
export { assertReady } from './persistence/database/readiness.js';
export { identityMigrations, type MigrationClass } from './persistence/migrations/identity-migrations.js';
export { type CredentialLeaseState } from './persistence/credentials/credential-leases.js';
export { type HeldLeases, readHeldLeases } from './persistence/credentials/postgres-leases.js';
export { type LeaseListener } from './persistence/credentials/lease-protocol.js';
export {
  createRepositories,
  type LeaseOptions,
  type Repositories,
  type RepositoryOptions,
} from './persistence/repositories.js';
export {
  type ImportedKeyUsage,
  type PepperUsage,
  readImportedKeyUsage,
  readLostPeppers,
  readPepperUsage,
} from './persistence/database/secret-usage.js';
export { adviceOn, DatabaseNotReadyError } from './persistence/sql/errors.js';
export { type DatabaseFaultListener, onDatabaseFault } from './persistence/sql/sqlite-health.js';
export { type Dialect } from './persistence/tables/columns.js';
export { identityEntities, type TableNaming } from './persistence/tables/tables.js';
export { RedisRateLimitStore, type RedisRateLimitStoreOptions } from './redis/redis-rate-limit-store.js';
export { parseRedisUrl, type RedisLocation, redisName } from './redis/redis-url.js';
export { NodeRandomSource } from './runtime/node-random-source.js';
export { DatabaseClock } from './runtime/database-clock.js';
export { UuidV7Generator } from './runtime/uuid-v7-generator.js';
export {
  createTypeOrmIdentity,
  type ImportedKeysOptions,
  type TypeOrmIdentity,
  type TypeOrmIdentityOptions,
} from './typeorm-identity.js';
