import type { Quota, RateLimit } from '@feather-identity/core';

/** The rate limit in the columns of a key or policy. */
export function toRateLimit(requests: number | null, seconds: number | null): RateLimit | null {
  return requests === null || seconds === null ? null : { requests, seconds };
}

/** The quota in the columns of a key or policy. */
export function toQuota(requests: number | null, period: Quota['period'] | null): Quota | null {
  return requests === null || period === null ? null : { requests, period };
}
