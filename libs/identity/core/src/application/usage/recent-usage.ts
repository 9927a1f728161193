import type { ApiKeyReference } from '../ports/api-key-repository.js';
import type { UsageCounts } from '../ports/usage-counts.js';
import { requestsOf } from './usage-totals.js';

const DAY_MS = 86_400_000;
const DAYS = 30;

/** How often a key was used in the last 30 days, today included. */
export interface RecentUsage {
  readonly accepted: number;
  readonly refused: number;
}

/** Not at all. */
export const UNUSED: RecentUsage = { accepted: 0, refused: 0 };

/** That of one key. */
export async function recentUsageOf(
  usageCounts: UsageCounts,
  { id, organizationId }: ApiKeyReference,
  now: Date,
): Promise<RecentUsage> {
  return (await recentUsage(usageCounts, organizationId, [id], now)).get(id) ?? UNUSED;
}

/** That of these keys of the organization, by their ids, in one read. */
export async function recentUsage(
  usageCounts: UsageCounts,
  organizationId: string,
  apiKeyIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, RecentUsage>> {
  const recent = new Map(apiKeyIds.map((id) => [id, UNUSED]));
  if (apiKeyIds.length === 0) return recent;
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const range = {
    from: new Date(today - (DAYS - 1) * DAY_MS),
    // The clock of another instance may be ahead.
    to: new Date(today + 2 * DAY_MS),
    granularity: 'day' as const,
  };
  for (const usage of await usageCounts.ofKeys(organizationId, range, apiKeyIds)) {
    const { accepted } = usage;
    recent.set(usage.apiKeyId, { accepted, refused: requestsOf(usage) - accepted });
  }
  return recent;
}
