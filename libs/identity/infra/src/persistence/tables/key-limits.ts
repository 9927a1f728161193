import type { Quota, RateLimit } from '@feather-identity/core';

/** The rate limit in the columns of a key or policy. A damaged one admits nothing. */
export function toRateLimit(requests: number | null, seconds: number | null): RateLimit | null {
  if (requests === null && seconds === null) return null;
  return isCount(requests) && isCount(seconds) ? { requests, seconds } : { requests: 0, seconds: 1 };
}

/** The quota in the columns of a key or policy. A damaged one admits nothing. */
export function toQuota(requests: number | null, period: Quota['period'] | null): Quota | null {
  if (requests === null && period === null) return null;
  const isPeriod = period === 'day' || period === 'month';
  return isCount(requests) && isPeriod ? { requests, period } : { requests: 0, period: 'day' };
}

function isCount(value: number | null): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
