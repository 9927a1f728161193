import * as crypto from 'node:crypto';
import {
  type Clock,
  FAILURE_WINDOW_MS,
  type FailureCount,
  KEY_LIMIT_RULES,
  RateLimitStore,
  type RateVerdict,
  type RateWindow,
} from '@feather-identity/core';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type SlidingWindow, WINDOW_MS } from './sliding-window.js';
import { SlidingWindows } from './sliding-windows.js';

/** Sources share this many counters, so that a flood from any number of addresses takes no more memory. */
const COUNTERS = 65_536;

/** Counts for this process alone, exact to the millisecond of the clock, and without a wait. */
export class MemoryRateLimitStore extends RateLimitStore {
  readonly #windows: Readonly<Record<RateWindow['kind'], SlidingWindows>> = {
    organization: new SlidingWindows(WINDOW_MS),
    key: new SlidingWindows(KEY_LIMIT_RULES.maxSeconds * 1000),
  };
  readonly #failures = new RateLimiterMemory({ points: 0, duration: FAILURE_WINDOW_MS / 1000 });
  readonly #salt = crypto.randomBytes(16).toString('base64');

  constructor(private readonly clock: Clock) {
    super();
  }

  override take(windows: readonly RateWindow[], counts = true): RateVerdict {
    const at = this.clock.now();
    const found: SlidingWindow[] = [];
    const instants: number[] = [];
    let refusedBy: number | null = null;
    for (const { kind, id, limit, windowMs } of windows) {
      const kept = this.#windows[kind];
      const now = kept.now(at);
      const window = kept.windowOf(id, limit, windowMs);
      if (refusedBy === null && window.msUntilFree(now) > 0) refusedBy = found.length;
      found.push(window);
      instants.push(now);
    }
    // Nothing else runs meanwhile: what is free stays free until it is counted.
    const isCounted = counts && refusedBy === null;
    const states = found.map((window, index) => {
      const now = instants[index] as number;
      if (isCounted) window.count(now);
      return window.remaining(now);
    });
    return { refusedBy, states };
  }

  /** Counts a request that something else has admitted. */
  count(windows: readonly RateWindow[]): void {
    const at = this.clock.now();
    for (const { kind, id, limit, windowMs } of windows) {
      const kept = this.#windows[kind];
      const now = kept.now(at);
      kept.windowOf(id, limit, windowMs).count(now);
    }
  }

  override async countFailure(source: string): Promise<FailureCount> {
    const { consumedPoints, msBeforeNext } = await this.#failures.penalty(this.counterOf(source));
    return { failures: consumedPoints, msUntilReset: msBeforeNext };
  }

  /** Salted, so that nobody can choose a source that shares the counter of another one. */
  private counterOf(source: string): number {
    return Number.parseInt(crypto.hash('sha256', this.#salt + source, 'hex').slice(0, 8), 16) % COUNTERS;
  }
}
