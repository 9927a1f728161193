import type { ApiKeyRepository } from './ports/api-key-repository.js';

/**
 * Collects when keys were used, one entry a key, so that a verified request costs no write. The owner of the process
 * calls `flush` at intervals and on shutdown.
 */
export class LastUsedRecorder {
  #pending = new Map<string, Date>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly apiKeys: ApiKeyRepository) {}

  record(apiKeyId: string, at: Date): void {
    this.#pending.set(apiKeyId, at);
  }

  /** Writes what was collected. When the write fails the entries are kept for the next flush and the error goes on. */
  flush(): Promise<void> {
    // One after the other: the last flush of a shutdown must not overtake one that is still waiting for the store.
    const turn = this.#flushing.then(() => this.write());
    this.#flushing = turn.catch(() => undefined);
    return turn;
  }

  private async write(): Promise<void> {
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
