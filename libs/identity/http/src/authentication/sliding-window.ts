import type { RateWindowState } from '@feather-identity/core';

/** Length of the window of an organization in milliseconds. */
export const WINDOW_MS = 60_000;

const FIRST_CAPACITY = 64;
const NEVER = -Infinity;

/**
 * Admits at most `limit` requests in any span of `windowMs` (none for 0), and refuses no request that stays within that
 * limit. It keeps the instants of the admitted requests in a ring, which grows with use, to 8 bytes for each request of
 * the limit.
 */
export class SlidingWindow {
  #instants: Float64Array;
  /** Where the next instant goes: the oldest one stands there, or `NEVER`. */
  #next = 0;
  /** How many of the newest instants were in the window when `remaining` last looked, and all since. */
  #counted = 0;

  constructor(
    readonly limit: number,
    readonly windowMs: number = WINDOW_MS,
  ) {
    this.#instants = new Float64Array(Math.min(FIRST_CAPACITY, limit)).fill(NEVER);
  }

  /**
   * Admits a request at the instant `now` and returns 0; or refuses it, does not count it, and returns how many
   * milliseconds (above 0) remain until a request is admitted again. `now` is in milliseconds and never less than it
   * was before.
   */
  admit(now: number): number {
    const msUntilFree = this.msUntilFree(now);
    if (msUntilFree === 0) this.count(now);
    return msUntilFree;
  }

  /** What `admit` would return. */
  msUntilFree(now: number): number {
    if (this.limit < 1) return this.windowMs;
    if (this.#instants.length < this.limit) return 0;
    return Math.max(0, (this.#instants[this.#next] ?? NEVER) + this.windowMs - now);
  }

  /** Counts a request, which `msUntilFree` has admitted. */
  count(now: number): void {
    if ((this.#instants[this.#next] ?? NEVER) + this.windowMs > now && this.#instants.length < this.limit) this.grow();
    this.#instants[this.#next] = now;
    if (this.#counted < this.#instants.length) this.#counted += 1;
    this.#next += 1;
    if (this.#next === this.#instants.length) this.#next = 0;
  }

  /** How many more requests are admitted now, and in how many milliseconds there will be one more. */
  remaining(now: number): RateWindowState {
    const instants = this.#instants;
    const msUntilMore = (): number => {
      const oldest = (this.#next - this.#counted + instants.length) % instants.length;
      return (instants[oldest] ?? NEVER) + this.windowMs - now;
    };
    while (this.#counted > 0 && msUntilMore() <= 0) this.#counted -= 1;
    return { remaining: this.limit - this.#counted, msUntilMore: this.#counted === 0 ? 0 : msUntilMore() };
  }

  /** A window with another limit or length that has counted what this one has, as far as it matters there. */
  resized(limit: number, windowMs: number): SlidingWindow {
    const resized = new SlidingWindow(limit, windowMs);
    const counted = [...this.#instants.subarray(this.#next), ...this.#instants.subarray(0, this.#next)];
    for (const instant of counted.slice(-limit)) if (instant > NEVER) resized.count(instant);
    return resized;
  }

  /** Puts the oldest first, so that the free places follow the newest. */
  private grow(): void {
    const full = this.#instants;
    this.#instants = new Float64Array(Math.min(2 * full.length, this.limit)).fill(NEVER);
    this.#instants.set(full.subarray(this.#next));
    this.#instants.set(full.subarray(0, this.#next), full.length - this.#next);
    this.#next = full.length;
  }
}
