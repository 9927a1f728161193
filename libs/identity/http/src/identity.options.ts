import type {
  ApiKeyRepository,
  Clock,
  IdGenerator,
  ProofCache,
  RandomSource,
  SecretHasher,
  TokenFormat,
} from '@feather-identity/core';

/** What the host application decides: where keys live, how secrets are proven, how tokens are spelled. */
export interface IdentityModuleOptions {
  readonly apiKeys: ApiKeyRepository;
  readonly secretHasher: SecretHasher;
  readonly proofs: ProofCache;
  readonly tokenFormat: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  /** How often `last_used_at` and renewed proofs are written, in seconds; 10 without it. */
  readonly flushSeconds?: number;
  /** Refused tokens a minute from one address before it gets 429; without it nothing is throttled. */
  readonly failuresPerMinute?: number;
}
