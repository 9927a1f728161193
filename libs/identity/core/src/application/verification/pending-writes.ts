/**
 * Collects writes, one entry an id, that requests must not wait for. `flush` hands them over; it is called at intervals
 * and on shutdown.
 */
export class PendingWrites<Entry> {
  #pending = new Map<string, Entry>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly write: (entries: ReadonlyMap<string, Entry>) => Promise<void>) {}

  /** A later entry takes the place of an earlier one with the same id. */
  add(id: string, entry: Entry): void {
    this.#pending.set(id, entry);
  }

  /** Writes what was collected. When the write fails the entries are kept for the next flush and the error goes on. */
  flush(): Promise<void> {
    // One after the other: the last flush of a shutdown must not overtake one that is still waiting for the store.
    const turn = this.#flushing.then(() => this.writeCollected());
    this.#flushing = turn.catch(() => undefined);
    return turn;
  }

  private async writeCollected(): Promise<void> {
    if (this.#pending.size === 0) return;
    const flushed = this.#pending;
    this.#pending = new Map();
    try {
      await this.write(flushed);
    } catch (error) {
      // Entries made meanwhile are later ones and win.
      this.#pending = new Map([...flushed, ...this.#pending]);
      throw error;
    }
  }
}
