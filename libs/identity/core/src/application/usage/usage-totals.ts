import { USAGE_OUTCOMES, type UsageOutcome, type UsageTotals } from '../ports/usage-counts.js';

/** No requests. */
export const NO_USAGE: UsageTotals = {
  accepted: 0,
  refusedState: 0,
  refusedAddress: 0,
  refusedLimit: 0,
  refusedScope: 0,
};

/** The sums of these. */
export function sumOf(usages: Iterable<UsageTotals>): UsageTotals {
  const sum: Record<UsageOutcome, number> = { ...NO_USAGE };
  for (const usage of usages) for (const outcome of USAGE_OUTCOMES) sum[outcome] += usage[outcome];
  return sum;
}

/** All requests, whatever became of them. */
export function requestsOf(usage: UsageTotals): number {
  return USAGE_OUTCOMES.reduce((sum, outcome) => sum + usage[outcome], 0);
}
