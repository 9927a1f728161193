/** What became of a request with a key, in the order in which they are decided: the first that applies. */
export const USAGE_OUTCOMES = ['accepted', 'refusedState', 'refusedAddress', 'refusedLimit', 'refusedScope'] as const;
/**
 * One of `USAGE_OUTCOMES`. `refusedState`: the secret is right, but revoked, disabled, expired or rotated out.
 * `refusedLimit`: a limit of the key or of its organization is reached. A wrong secret is counted for no key.
 */
export type UsageOutcome = (typeof USAGE_OUTCOMES)[number];

/** How many requests had which outcome. */
export type UsageTotals = Readonly<Record<UsageOutcome, number>>;

/** Those of one hour, day or month, which begin in UTC. */
export interface UsageBucket extends UsageTotals {
  readonly startsAt: Date;
}

/** Those of one key. */
export interface ApiKeyUsage extends UsageTotals {
  readonly apiKeyId: string;
  /** Oldest first; without the empty ones. Only where they were asked for. */
  readonly buckets?: readonly UsageBucket[];
}

/** Those of one organization. */
export interface OrganizationUsage extends UsageTotals {
  readonly organizationId: string;
}

/** What one key was used for in one hour, to be added to what is stored. */
export interface CountedHour extends UsageTotals {
  readonly apiKeyId: string;
  readonly organizationId: string;
  /** When the hour began. */
  readonly startsAt: Date;
}

/** How long a bucket is. Days and months are kept for longer than hours. */
export type UsageGranularity = 'hour' | 'day' | 'month';

/** The buckets that begin in a stretch of time: `from` is in it, `to` is not. */
export interface UsageRange {
  readonly from: Date;
  readonly to: Date;
  readonly granularity: UsageGranularity;
}

/** Counts the outcomes of the requests with each key, by hours and days. It fails as `ApiKeyRepository` does. */
export abstract class UsageCounts {
  /** The most hours of keys that are added at once. */
  abstract readonly mostAtOnce: number;

  /**
   * Adds these to their hours and days, all or nothing, so that several instances add up. Those of a key that is not stored
   * any more are ignored.
   *
   * @param counted - at most `mostAtOnce`, each hour of a key once
   */
  abstract add(counted: readonly CountedHour[]): Promise<void>;

  /** The buckets of the organization, or of these keys of it, oldest first, without the empty ones. */
  abstract buckets(
    organizationId: string,
    range: UsageRange,
    apiKeyIds?: readonly string[],
  ): Promise<readonly UsageBucket[]>;

  /** Of these keys of the organization those that were used in this time, busiest first. */
  abstract ofKeys(
    organizationId: string,
    range: UsageRange,
    apiKeyIds: readonly string[],
  ): Promise<readonly ApiKeyUsage[]>;
  /** The keys of the organization with the most requests in this time, busiest first; of equal ones the smaller id. */
  abstract busiestKeys(organizationId: string, range: UsageRange, limit: number): Promise<readonly ApiKeyUsage[]>;
  /** The same for the organizations of the installation. */
  abstract busiestOrganizations(range: UsageRange, limit: number): Promise<readonly OrganizationUsage[]>;

  /**
   * Removes what began before these instants.
   *
   * @param limit - the most hours, and the most days, that are removed at once
   * @returns whether there may be more
   */
  abstract removeBefore(before: { readonly hours: Date; readonly days: Date }, limit: number): Promise<boolean>;
}
