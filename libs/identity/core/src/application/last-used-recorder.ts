import { PendingWrites } from './pending-writes.js';
import type { ApiKeyRepository } from './ports/api-key-repository.js';

/** Collects when keys were used, so that a verified request costs no write. */
export class LastUsedRecorder {
  readonly #pending: PendingWrites<Date>;

  constructor(apiKeys: ApiKeyRepository) {
    this.#pending = new PendingWrites((lastUsed) => apiKeys.recordLastUsed(lastUsed));
  }

  record(apiKeyId: string, at: Date): void {
    this.#pending.add(apiKeyId, at);
  }

  /** Writes what was collected; what cannot be written is kept for the next time, and the error goes on. */
  flush(): Promise<void> {
    return this.#pending.flush();
  }
}
