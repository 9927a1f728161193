import type { Clock, VerificationMetrics } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { SlidingWindow, WINDOW_MS } from './sliding-window.js';

const POLICY = 'organization';

/**
 * Limits the requests of an organization in any 60 seconds, with all of its keys together. Exact for one process, to the
 * millisecond of the clock: refused requests do not count, and a client that keeps to the limit is never refused.
 */
export class OrganizationRateLimit {
  // Two generations, each at least one window long. An organization without requests in the younger one has nothing left
  // to count, and is dropped with the older one. So memory is bounded by the last two windows, without a sweep.
  #current = new Map<string, SlidingWindow>();
  #previous = new Map<string, SlidingWindow>();
  #turnedAt = -Infinity;
  #lastWallClock = -Infinity;
  #steppedBackMs = 0;

  constructor(
    private readonly limitPerMinute: number,
    private readonly clock: Clock,
    private readonly metrics: VerificationMetrics,
  ) {}

  /** Counts one request of the organization. Throws 429 `rate_limited` when there were too many. */
  spend(organizationId: string): void {
    const now = this.now();
    if (now - this.#turnedAt >= WINDOW_MS) this.turn(now);
    const msUntilFree = this.windowOf(organizationId).admit(now);
    if (msUntilFree > 0) throw this.refusal(msUntilFree);
  }

  /**
   * Milliseconds that never go back. If the wall clock steps back, time continues from its new reading: no organization
   * waits longer than one window, however far the clock stepped, and none gets more than the limit. A step forward looks
   * like a pause of the same length: at worst it allows one more limit.
   */
  private now(): number {
    const wallClock = this.clock.now().getTime();
    if (wallClock < this.#lastWallClock) this.#steppedBackMs += this.#lastWallClock - wallClock;
    this.#lastWallClock = wallClock;
    return wallClock + this.#steppedBackMs;
  }

  private turn(now: number): void {
    this.#previous = this.#current;
    this.#current = new Map();
    this.#turnedAt = now;
  }

  private windowOf(organizationId: string): SlidingWindow {
    const current = this.#current.get(organizationId);
    if (current !== undefined) return current;
    const window = this.#previous.get(organizationId) ?? new SlidingWindow(this.limitPerMinute);
    this.#current.set(organizationId, window);
    return window;
  }

  private refusal(msUntilFree: number): ApiError {
    this.metrics.limited += 1;
    const seconds = Math.ceil(msUntilFree / 1000);
    return new ApiError({
      status: 429,
      error: 'rate_limited',
      message: 'The organization has made too many requests. Try again later.',
      retryAfter: seconds,
      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      headers: {
        RateLimit: `"${POLICY}";r=0;t=${seconds}`,
        'RateLimit-Policy': `"${POLICY}";q=${this.limitPerMinute};w=${WINDOW_MS / 1000}`,
      },
    });
  }
}
