import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Clock,
  type FailureCount,
  RateLimitStore,
  type RateVerdict,
  type RateWindow,
} from '@feather-identity/core';
import { MemoryRateLimitStore } from '../src/authentication/memory-rate-limit-store.js';

/** Counts for several applications, as a server does that a test can take away. */
export class SwitchedStore extends RateLimitStore {
  /** With what it rejects; undefined if it counts. */
  failure: Error | undefined;
  readonly #counts: MemoryRateLimitStore;

  constructor(clock: Clock) {
    super();
    this.#counts = new MemoryRateLimitStore(clock);
  }

  override async take(windows: readonly RateWindow[], counts?: boolean): Promise<RateVerdict> {
    // As long as requests that come together need to be here together.
    await sleep(this.failure ? 100 : 0);
    if (this.failure) throw this.failure;
    return this.#counts.take(windows, counts);
  }

  override async countFailure(source: string): Promise<FailureCount> {
    if (this.failure) throw this.failure;
    return this.#counts.countFailure(source);
  }
}
