import type { ApiKeyReference } from '../ports/api-key-repository.js';
import type { Clock } from '../ports/clock.js';
import type {
  ApiKeyUsage,
  OrganizationUsage,
  UsageBucket,
  UsageCounts,
  UsageGranularity,
  UsageRange,
  UsageTotals,
} from '../ports/usage-counts.js';
import { type RecentUsage, recentUsageOf } from './recent-usage.js';
import { sumOf } from './usage-totals.js';

/** The most keys that one answer has, and that can be asked for. */
export const MAX_USAGE_KEYS = 100;

/** The longest time that can be asked for, in days, by the length of its buckets. */
export const MAX_USAGE_DAYS = { hour: 31, day: 400, month: 1096 } as const satisfies Record<UsageGranularity, number>;

const DAY_MS = 86_400_000;

/** What is wanted of the usage of an organization. */
export interface ReadUsageRequest extends UsageRange {
  /** Only these keys, at most `MAX_USAGE_KEYS`. Default: all. */
  readonly apiKeyIds?: readonly string[] | undefined;
  /** Whether the keys of the answer have their buckets. Default: false. */
  readonly byKey?: boolean | undefined;
}

/** What became of the requests with the keys of an organization. */
export interface OrganizationUsageReport extends UsageRange {
  readonly totals: UsageTotals;
  /** Oldest first, without the empty ones. */
  readonly buckets: readonly UsageBucket[];
  /** The busiest keys first, at most `MAX_USAGE_KEYS`; of those that were asked for, those that were used. */
  readonly keys: readonly ApiKeyUsage[];
}

/** Reads the outcomes of the requests with keys. */
export class ReadUsage {
  constructor(
    private readonly usageCounts: UsageCounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins with the whole bucket that `from` is in.
   *
   * @throws RangeError for a time that is empty or longer than `MAX_USAGE_DAYS`, and for more keys than `MAX_USAGE_KEYS`
   */
  async execute(organizationId: string, request: ReadUsageRequest): Promise<OrganizationUsageReport> {
    const { apiKeyIds, byKey = false } = request;
    const range = rangeOf(request);
    if (apiKeyIds !== undefined && apiKeyIds.length > MAX_USAGE_KEYS)
      throw new RangeError(`At most ${MAX_USAGE_KEYS} keys can be asked for.`);
    const buckets = await this.usageCounts.buckets(organizationId, range, apiKeyIds);
    const keys =
      apiKeyIds === undefined
        ? await this.usageCounts.busiestKeys(organizationId, range, MAX_USAGE_KEYS)
        : await this.usageCounts.ofKeys(organizationId, range, apiKeyIds);
    const totals = sumOf(buckets);
    if (!byKey) return { ...range, totals, buckets, keys };
    const withBuckets: ApiKeyUsage[] = [];
    // One by one: all buckets of all keys at once would keep other requests waiting.
    for (const key of keys) {
      const own = await this.usageCounts.buckets(organizationId, range, [key.apiKeyId]);
      withBuckets.push({ ...key, buckets: own });
    }
    return { ...range, totals, buckets, keys: withBuckets };
  }

  /**
   * For the operator: the busiest organizations first, at most `MAX_USAGE_KEYS`. Begins with the whole day that `from` is
   * in.
   *
   * @throws RangeError for a time that is empty or longer than `MAX_USAGE_DAYS.day`
   */
  async ofOrganizations(period: Pick<UsageRange, 'from' | 'to'>): Promise<readonly OrganizationUsage[]> {
    return this.usageCounts.busiestOrganizations(rangeOf({ ...period, granularity: 'day' }), MAX_USAGE_KEYS);
  }

  /** How often a key was used in the last 30 days, today included. */
  recent(apiKey: ApiKeyReference): Promise<RecentUsage> {
    return recentUsageOf(this.usageCounts, apiKey, this.clock.now());
  }
}

function rangeOf({ from, to, granularity }: UsageRange): UsageRange {
  const ms = to.getTime() - from.getTime();
  // Neither is an invalid date greater than zero.
  if (!(ms > 0 && ms <= MAX_USAGE_DAYS[granularity] * DAY_MS)) {
    throw new RangeError(`Usage by the ${granularity} is read for at most ${MAX_USAGE_DAYS[granularity]} days.`);
  }
  return { from: beginningOf(from, granularity), to, granularity };
}

function beginningOf(instant: Date, granularity: UsageGranularity): Date {
  const start = new Date(instant);
  start.setUTCMinutes(0, 0, 0);
  if (granularity !== 'hour') start.setUTCHours(0);
  if (granularity === 'month') start.setUTCDate(1);
  return start;
}
