import { SlidingWindow } from './sliding-window.js';

/** Sliding windows by id, on one clock that never goes back. */
export class SlidingWindows {
  // Two generations, each at least as long as a window. An id without requests in the younger one has nothing left to
  // count, and is dropped with the older one. So memory is bounded by the last two generations, without a sweep.
  #current = new Map<string, SlidingWindow>();
  #previous = new Map<string, SlidingWindow>();
  #turnedAt = -Infinity;
  #lastWallClock = -Infinity;
  #steppedBackMs = 0;

  /** @param longestMs - of any window */
  constructor(private readonly longestMs: number) {}

  /**
   * A reading of the clock as milliseconds that never go back. If the wall clock steps back, time continues from its new
   * reading: nobody waits longer than one window, however far the clock stepped, and nobody gets more than the limit. A
   * step forward looks like a pause of the same length: at worst it allows one more limit.
   */
  now(at: Date): number {
    const wallClock = at.getTime();
    if (wallClock < this.#lastWallClock) this.#steppedBackMs += this.#lastWallClock - wallClock;
    this.#lastWallClock = wallClock;
    const now = wallClock + this.#steppedBackMs;
    if (now - this.#turnedAt >= this.longestMs) this.turn(now);
    return now;
  }

  /** The window of this id. One whose limit has changed goes on with what it has counted. */
  windowOf(id: string, limit: number, windowMs: number): SlidingWindow {
    const current = this.#current.get(id);
    if (current?.limit === limit && current.windowMs === windowMs) return current;
    const known = current ?? this.#previous.get(id);
    const window =
      known === undefined
        ? new SlidingWindow(limit, windowMs)
        : known.limit === limit && known.windowMs === windowMs
          ? known
          : known.resized(limit, windowMs);
    this.#current.set(id, window);
    return window;
  }

  private turn(now: number): void {
    this.#previous = this.#current;
    this.#current = new Map();
    this.#turnedAt = now;
  }
}
