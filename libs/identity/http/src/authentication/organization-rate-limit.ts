import type { Clock, VerificationMetrics } from '@feather-identity/core';
import type { ApiError } from '@feather-identity/shared-http/errors';
import { limitReached } from './limit-reached.js';
import { WINDOW_MS } from './sliding-window.js';
import { SlidingWindows } from './sliding-windows.js';

/**
 * Limits the requests of an organization in any 60 seconds, with all of its keys together. Exact for one process, to the
 * millisecond of the clock: refused requests do not count, and a client that keeps to the limit is never refused.
 */
export class OrganizationRateLimit {
  readonly #windows: SlidingWindows;

  constructor(
    private readonly limitPerMinute: number,
    private readonly clock: Clock,
    private readonly metrics: VerificationMetrics,
  ) {
    this.#windows = new SlidingWindows(WINDOW_MS);
  }

  /** Counts one request of the organization. Throws 429 `rate_limited` when there were too many. */
  spend(organizationId: string, at = this.clock.now()): void {
    const now = this.#windows.now(at);
    const msUntilFree = this.#windows.windowOf(organizationId, this.limitPerMinute, WINDOW_MS).admit(now);
    if (msUntilFree > 0) throw this.refusal(msUntilFree);
  }

  /** Throws what `spend` would throw, and counts nothing. */
  assertFree(organizationId: string, at: Date): void {
    const now = this.#windows.now(at);
    const msUntilFree = this.#windows.windowOf(organizationId, this.limitPerMinute, WINDOW_MS).msUntilFree(now);
    if (msUntilFree > 0) throw this.refusal(msUntilFree);
  }

  private refusal(msUntilFree: number): ApiError {
    this.metrics.limited += 1;
    return limitReached('The organization has made too many requests. Try again later.', {
      name: 'organization',
      limit: this.limitPerMinute,
      seconds: WINDOW_MS / 1000,
      remaining: 0,
      msUntilMore: msUntilFree,
    });
  }
}
