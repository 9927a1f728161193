import type {
  RateLimitStore,
  RateVerdict,
  RateWindow,
  RateWindowState,
  VerificationMetrics,
} from '@feather-identity/core';
import type { ApiError } from '@feather-identity/shared-http/errors';
import { limitReached } from './limit-reached.js';
import { WINDOW_MS } from './sliding-window.js';

/**
 * Limits the requests of an organization in any 60 seconds, with all of its keys together. Exact, to the millisecond of the
 * clock that counts: refused requests do not count, and a client that keeps to the limit is never refused.
 */
export class OrganizationRateLimit {
  constructor(
    private readonly limitPerMinute: number,
    private readonly counts: RateLimitStore,
    private readonly metrics: VerificationMetrics,
  ) {}

  /**
   * Counts one request of the organization. Throws 429 `rate_limited` when there were too many, or rejects with it where the
   * counts are not in this process.
   */
  spend(organizationId: string): void | Promise<void> {
    const verdict = this.counts.take([this.windowOf(organizationId)]);
    if (verdict instanceof Promise)
      return verdict.then((told) => {
        this.assertAdmitted(told);
      });
    this.assertAdmitted(verdict);
  }

  windowOf(id: string): RateWindow {
    return { kind: 'organization', id, limit: this.limitPerMinute, windowMs: WINDOW_MS };
  }

  refusal(msUntilMore: number): ApiError {
    this.metrics.limited += 1;
    return limitReached('The organization has made too many requests. Try again later.', {
      name: 'organization',
      limit: this.limitPerMinute,
      seconds: WINDOW_MS / 1000,
      remaining: 0,
      msUntilMore,
    });
  }

  private assertAdmitted({ refusedBy, states }: RateVerdict): void {
    if (refusedBy !== null) throw this.refusal((states[0] as RateWindowState).msUntilMore);
  }
}
