import type {
  ApiKeyRepository,
  Clock,
  IdGenerator,
  RandomSource,
  SecretHasher,
  TokenFormat,
} from '@feather-identity/core';

/** What the host application decides: where keys live, how secrets are proven, how tokens are spelled. */
export interface IdentityModuleOptions {
  readonly apiKeys: ApiKeyRepository;
  readonly secretHasher: SecretHasher;
  readonly tokenFormat: TokenFormat;
  readonly random: RandomSource;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}
