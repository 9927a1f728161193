import {
  type CountedHour,
  type ApiKeyUsage,
  type OrganizationUsage,
  type UsageBucket,
  UsageCounts,
  type UsageGranularity,
  type UsageRange,
  type UsageTotals,
} from '../../application/ports/usage-counts.js';
import { NO_USAGE, requestsOf, sumOf } from '../../application/usage/usage-totals.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Counts in memory. */
export class InMemoryUsageCounts extends UsageCounts {
  override readonly mostAtOnce = 100;
  #hours: readonly CountedHour[] = [];
  #days: readonly CountedHour[] = [];

  constructor(private readonly store: InMemoryStore) {
    super();
  }

  override async add(counted: readonly CountedHour[]): Promise<void> {
    const known = counted.filter(({ apiKeyId }) => this.store.apiKeys.has(apiKeyId));
    this.#hours = [...this.#hours, ...known];
    this.#days = [...this.#days, ...known.map((hour) => ({ ...hour, startsAt: startOf(hour.startsAt, 'day') }))];
  }

  override async buckets(
    organizationId: string,
    range: UsageRange,
    apiKeyIds?: readonly string[],
  ): Promise<readonly UsageBucket[]> {
    const wanted = this.rowsIn(range).filter(
      (row) => row.organizationId === organizationId && (apiKeyIds?.includes(row.apiKeyId) ?? true),
    );
    const sums = sumsBy(wanted, ({ startsAt }) => startOf(startsAt, range.granularity).getTime());
    return sums
      .map(([startsAt, totals]) => ({ startsAt: new Date(startsAt), ...totals }))
      .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
  }

  override async ofKeys(
    organizationId: string,
    range: UsageRange,
    apiKeyIds: readonly string[],
  ): Promise<readonly ApiKeyUsage[]> {
    const keys = await this.busiestKeys(organizationId, range, Infinity);
    return keys.filter(({ apiKeyId }) => apiKeyIds.includes(apiKeyId));
  }

  override async busiestKeys(
    organizationId: string,
    range: UsageRange,
    limit: number,
  ): Promise<readonly ApiKeyUsage[]> {
    const rows = this.rowsIn(range).filter((row) => row.organizationId === organizationId);
    return busiest(rows, ({ apiKeyId }) => apiKeyId, limit).map(([apiKeyId, totals]) => ({ apiKeyId, ...totals }));
  }

  override async busiestOrganizations(range: UsageRange, limit: number): Promise<readonly OrganizationUsage[]> {
    const sums = busiest(this.rowsIn(range), (row) => row.organizationId, limit);
    return sums.map(([organizationId, totals]) => ({ organizationId, ...totals }));
  }

  override async removeBefore(before: { readonly hours: Date; readonly days: Date }): Promise<boolean> {
    this.#hours = this.#hours.filter(({ startsAt }) => startsAt >= before.hours);
    this.#days = this.#days.filter(({ startsAt }) => startsAt >= before.days);
    return false;
  }

  private rowsIn({ from, to, granularity }: UsageRange): readonly CountedHour[] {
    return (granularity === 'hour' ? this.#hours : this.#days).filter(
      // The usage of a key goes with it.
      ({ apiKeyId, startsAt }) => this.store.apiKeys.has(apiKeyId) && startsAt >= from && startsAt < to,
    );
  }
}

function startOf(instant: Date, granularity: UsageGranularity): Date {
  const text = instant.toISOString();
  if (granularity === 'hour') return instant;
  return new Date(granularity === 'day' ? text.slice(0, 10) : `${text.slice(0, 7)}-01`);
}

function busiest(rows: readonly CountedHour[], idOf: (row: CountedHour) => string, limit: number) {
  return sumsBy(rows, idOf)
    .sort(([a, one], [b, other]) => requestsOf(other) - requestsOf(one) || (a < b ? -1 : 1))
    .slice(0, limit);
}

function sumsBy<Key>(rows: readonly CountedHour[], keyOf: (row: CountedHour) => Key): [Key, UsageTotals][] {
  const sums = new Map<Key, UsageTotals>();
  for (const row of rows) sums.set(keyOf(row), sumOf([row, sums.get(keyOf(row)) ?? NO_USAGE]));
  return [...sums];
}
