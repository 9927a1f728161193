import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { PendingWrites } from './pending-writes.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';

/** Collects when keys were used, so that a verified request costs no write. */
export class LastUsedRecorder {
  readonly #keys: PendingWrites<Date>;
  readonly #previousSecrets: PendingWrites<Date>;

  constructor(apiKeys: ApiKeyRepository) {
    this.#keys = new PendingWrites((lastUsed) => apiKeys.recordLastUsed(lastUsed));
    this.#previousSecrets = new PendingWrites((lastUsed) => apiKeys.recordSecretsLastUsed(lastUsed));
  }

  record(
    { id }: Pick<ApiKey, 'id'>,
    { id: secretId, validUntil }: Pick<ApiKeySecret, 'id' | 'validUntil'>,
    at: Date,
  ): void {
    this.#keys.add(id, at);
    // Of a secret in its grace period people want to know whether anybody still has it.
    if (validUntil !== null) this.#previousSecrets.add(secretId, at);
  }

  /** Writes what was collected; what cannot be written is kept for the next time, and the error goes on. */
  async flush(): Promise<void> {
    await this.#keys.flush();
    await this.#previousSecrets.flush();
  }
}
