import type { Clock } from '../ports/clock.js';
import type { UseObservations } from '../ports/use-observations.js';

/** Between two records, in milliseconds; uses themselves are written far more often. */
const INTERVAL_MS = 300_000;

/** Records that this instance has written the uses of keys, so that the time counts for keys that were not used. */
export class ObserveUses {
  #recordedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly observations: UseObservations,
    private readonly clock: Clock,
  ) {}

  /** To be called each time that they were written; records it every 5 minutes. */
  async execute(): Promise<void> {
    const now = this.clock.now();
    // A clock may have been put back.
    if (Math.abs(now.getTime() - this.#recordedAt) < INTERVAL_MS) return;
    await this.observations.record(now);
    this.#recordedAt = now.getTime();
  }
}
