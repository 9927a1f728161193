import type {
  ApiKeyRepository,
  AuditLog,
  Clock,
  IdGenerator,
  ImportedKeys,
  JobLeases,
  UseObservations,
  OrganizationRepository,
  ProofCache,
  RandomSource,
  SecretHasher,
  TokenFormat,
} from '@feather-identity/core';

/** How much an address or an organization may ask before it gets 429. */
export interface AuthenticationLimits {
  /** Refused tokens a minute from one address before it gets 429; without it nothing is throttled. */
  readonly failuresPerMinute?: number;
  /** Requests a minute of one organization, by all of its keys, before it gets 429; without it nobody is limited. */
  readonly requestsPerMinute?: number;
}

/** What the host application decides: where keys live, how secrets are proven, how tokens are spelled. */
export interface IdentityModuleOptions extends AuthenticationLimits {
  readonly apiKeys: ApiKeyRepository;
  readonly organizations: OrganizationRepository;
  readonly auditLog: AuditLog;
  readonly leases: JobLeases;
  readonly observations: UseObservations;
  readonly secretHasher: SecretHasher;
  readonly proofs: ProofCache;
  readonly tokenFormat: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  /** Keys of other systems that are accepted too; without it only tokens of our own spelling are. */
  readonly importedKeys?: ImportedKeys | undefined;
  /** How often `last_used_at` and renewed proofs are written, in seconds; 10 without it. */
  readonly flushSeconds?: number;
  /** Most keys of one organization; revoked and expired ones do not count. Default: no limit. */
  readonly maxKeysPerOrganization?: number;
}
