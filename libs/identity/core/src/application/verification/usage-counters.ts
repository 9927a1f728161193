import type { ApiKey } from '../../domain/api-key.js';
import { sortedBatches } from './sorted-batches.js';
import { type CountedHour, USAGE_OUTCOMES, type UsageCounts, type UsageOutcome } from '../ports/usage-counts.js';

const HOUR_MS = 3_600_000;
/** How many hours are kept apart while nothing can be written. What is older counts for the oldest of them. */
const MAX_HOURS = 24;

/** The key that was used. */
export type UsedApiKey = Pick<ApiKey, 'id' | 'organizationId'>;

type HourOfKey = { -readonly [Field in keyof CountedHour]: CountedHour[Field] };

/**
 * Counts the outcomes of requests in memory until the next flush: one entry for each key and hour. A process that is
 * killed loses what it has counted since its last flush.
 */
export class UsageCounters {
  /** By the hour, and by the key. */
  readonly #hours = new Map<number, Map<string, HourOfKey>>();
  /** The hour of the last request. */
  #hour = Number.NaN;
  #entries = new Map<string, HourOfKey>();

  constructor(private readonly counts: UsageCounts) {}

  /** Counts one request. */
  count(apiKey: UsedApiKey, outcome: UsageOutcome, at: Date): void {
    this.entryOf(apiKey, at.getTime())[outcome] += 1;
  }

  /** Counts a request that was accepted as refused after all, for its scopes. */
  refuseAccepted(apiKey: UsedApiKey, at: Date): void {
    const entry = this.entryOf(apiKey, at.getTime());
    // Below zero where the request is written by now: it is added, and so the sum is right.
    entry.accepted -= 1;
    entry.refusedScope += 1;
  }

  /** Adds the counts to the stored ones. Those that the store cannot take now stay for the next flush. */
  async flush(): Promise<void> {
    const batches = sortedBatches(this.take(), this.counts.mostAtOnce, byOrganizationAndKey);
    for await (const batch of batches) {
      try {
        await this.counts.add(batch);
      } catch (error) {
        // The batches before are stored, and must not be added again.
        this.putBack(batch);
        for await (const other of batches) this.putBack(other);
        throw error;
      }
    }
  }

  private entryOf({ id, organizationId }: UsedApiKey, at: number): HourOfKey {
    const hour = at - (at % HOUR_MS);
    if (hour !== this.#hour) this.begin(hour);
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry: HourOfKey = {
      apiKeyId: id,
      organizationId,
      startsAt: new Date(hour),
      accepted: 0,
      refusedState: 0,
      refusedAddress: 0,
      refusedLimit: 0,
      refusedScope: 0,
    };
    this.#entries.set(id, entry);
    return entry;
  }

  private begin(hour: number): void {
    this.#hour = hour;
    this.#entries = this.#hours.get(hour) ?? new Map<string, HourOfKey>();
    this.#hours.set(hour, this.#entries);
    if (this.#hours.size <= MAX_HOURS) return;
    // This hour stays, even where the clock was put back.
    const [oldest = hour, next = hour] = [...this.#hours.keys()]
      .filter((each) => each !== hour)
      .toSorted((a, b) => a - b);
    const entries = this.#hours.get(oldest)?.values() ?? [];
    this.#hours.delete(oldest);
    this.putBack([...entries].map((entry) => ({ ...entry, startsAt: new Date(next) })));
  }

  private take(): readonly CountedHour[] {
    const taken = [...this.#hours.values()].flatMap((entries) => [...entries.values()]);
    this.#hours.clear();
    this.#hour = Number.NaN;
    return taken;
  }

  /** What was counted meanwhile is added. */
  private putBack(counted: readonly CountedHour[]): void {
    for (const { startsAt, ...one } of counted) {
      const hour = startsAt.getTime();
      const entries = this.#hours.get(hour) ?? new Map<string, HourOfKey>();
      this.#hours.set(hour, entries);
      const other = entries.get(one.apiKeyId);
      if (other === undefined) entries.set(one.apiKeyId, { ...one, startsAt });
      else for (const outcome of USAGE_OUTCOMES) other[outcome] += one[outcome];
    }
  }
}

function byOrganizationAndKey(one: CountedHour, other: CountedHour): number {
  const organizations = compare(one.organizationId, other.organizationId);
  return organizations === 0 ? compare(one.apiKeyId, other.apiKeyId) : organizations;
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
