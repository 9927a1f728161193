/** Requests of a time, by what the service answered. */
export interface UsageTotals {
  readonly accepted: number;
  readonly refused_state: number;
  readonly refused_scope: number;
  readonly refused_limit: number;
  readonly refused_address: number;
}

/** The requests of one hour, day or month, which begins at `starts_at`. */
export interface UsageBucket extends UsageTotals {
  readonly starts_at: string;
}

/** The requests of one key. */
export interface KeyUsage extends UsageTotals {
  readonly api_key_id: string;
  readonly buckets?: readonly UsageBucket[];
}

/** How long one bucket of a usage answer is. */
export type Granularity = 'hour' | 'day' | 'month';

/** The answer of `GET /v1/identity/usage`. */
export interface Usage {
  readonly from: string;
  readonly to: string;
  readonly granularity: Granularity;
  readonly totals: UsageTotals;
  readonly buckets: readonly UsageBucket[];
  readonly keys: readonly KeyUsage[];
}

/** Fields of a key in lists and details that the generated types do not have yet. */
export interface KeyUsageFields {
  readonly usage_30d?: { readonly accepted: number; readonly refused: number };
  readonly last_used_from?: { readonly address: string | null; readonly user_agent: string | null } | null;
}

/** How many of the requests were refused, for whatever reason. */
export function refusedOf(totals: UsageTotals): number {
  return totals.refused_state + totals.refused_scope + totals.refused_limit + totals.refused_address;
}
