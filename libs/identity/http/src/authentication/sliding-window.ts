/** Length of the window in milliseconds. */
export const WINDOW_MS = 60_000;

const FIRST_CAPACITY = 64;
const NEVER = -Infinity;

/**
 * Admits at most `limit` (1 or more) requests in any span of `WINDOW_MS`, and refuses no request that stays within that
 * limit. It keeps the instants of the admitted requests in a ring, which grows with use, to 8 bytes for each request of
 * the limit.
 */
export class SlidingWindow {
  #instants: Float64Array;
  /** Where the next instant goes: the oldest one stands there, or `NEVER`. */
  #next = 0;

  constructor(private readonly limit: number) {
    this.#instants = new Float64Array(Math.min(FIRST_CAPACITY, limit)).fill(NEVER);
  }

  /**
   * Admits a request at the instant `now` and returns 0; or refuses it, does not count it, and returns how many
   * milliseconds (above 0) remain until a request is admitted again. `now` is in milliseconds and never less than it
   * was before.
   */
  admit(now: number): number {
    const msUntilFree = (this.#instants[this.#next] ?? NEVER) + WINDOW_MS - now;
    if (msUntilFree > 0) {
      if (this.#instants.length === this.limit) return msUntilFree;
      this.grow();
    }
    this.#instants[this.#next] = now;
    this.#next += 1;
    if (this.#next === this.#instants.length) this.#next = 0;
    return 0;
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
