import type { components } from '@feather-identity/client';

type Schemas = components['schemas'];

/** Requests of a time, by what the service answered. */
export type UsageTotals = Schemas['UsageTotalsResponse'];

/** The requests of one hour, day or month, which begins at `starts_at`. */
export type UsageBucket = Schemas['UsageBucketResponse'];

/** The requests of one key. */
export type KeyUsage = Schemas['ApiKeyUsageResponse'];

/** How long one bucket of a usage answer is. */
export type Granularity = Schemas['UsageResponse']['granularity'];

/** How many of the requests were refused, for whatever reason. */
export function refusedOf(totals: UsageTotals): number {
  return totals.refused_state + totals.refused_scope + totals.refused_limit + totals.refused_address;
}
