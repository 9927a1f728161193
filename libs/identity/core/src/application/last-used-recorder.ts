import type { ApiKeyRepository } from './ports/api-key-repository.js';

/**
 * Collects when keys were used, one entry a key, so that a verified request costs no write. The owner of the process
 * calls `flush` at intervals and on shutdown.
 */
export class LastUsedRecorder {
  #pending = new Map<string, Date>();

  constructor(private readonly apiKeys: ApiKeyRepository) {}

  record(apiKeyId: string, at: Date): void {
    this.#pending.set(apiKeyId, at);
  }

  /** Writes what was collected. When the write fails the entries are kept for the next flush and the error goes on. */
  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const flushed = this.#pending;
    this.#pending = new Map();
    try {
      await this.apiKeys.recordLastUsed(flushed);
    } catch (error) {
      // Entries made meanwhile are later ones and win.
      this.#pending = new Map([...flushed, ...this.#pending]);
      throw error;
    }
  }
}
