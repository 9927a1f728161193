import { type Quota, quotaPeriodAt } from '../../domain/key-limits.js';
import type { QuotaUses } from '../ports/quota-uses.js';

/** From how many counters on those of past periods are looked for, where nothing else removes them. */
const FIRST_SWEEP = 1000;

/** The requests of one key in one period, as far as this process knows. */
export class QuotaCounter {
  /** What was recorded, what is being recorded, and what is not yet. */
  #recorded: number;
  #writing = 0;
  #pending = 0;
  /** Requests about which another limit has not decided yet. */
  #reserved = 0;
  /** Whether it was asked for since the last flush. */
  isInUse = true;

  constructor(
    readonly apiKeyId: string,
    readonly period: Quota['period'],
    readonly startsAt: Date,
    readonly endsAt: Date,
    recorded: number,
  ) {
    this.#recorded = recorded;
  }

  get used(): number {
    return this.#recorded + this.#writing + this.#pending + this.#reserved;
  }

  /** Counts one request. */
  add(): void {
    this.#pending += 1;
  }

  /** Counts one request for as long as it is not decided whether it counts. Followed by `settle`. */
  reserve(): void {
    this.#reserved += 1;
  }

  /** Ends a reservation. */
  settle(isCounted: boolean): void {
    this.#reserved -= 1;
    if (isCounted) this.#pending += 1;
  }

  /** How many are to be recorded now. Followed by `recorded` or `notRecorded`. */
  take(): number {
    this.#writing = this.#pending;
    this.#pending = 0;
    return this.#writing;
  }

  /** `total` includes what other instances have recorded. Null: a later period is recorded, by a clock that is ahead. */
  recorded(total: number | null): void {
    this.#recorded = total ?? this.#recorded + this.#writing;
    this.#writing = 0;
  }

  notRecorded(): void {
    this.#pending += this.#writing;
    this.#writing = 0;
  }
}

/**
 * Counts the requests of keys that have a quota. What was recorded is read once, when a key is first used; from then on
 * this process counts by itself, and `flush` records and learns what other instances have recorded. So one process is
 * exact, several together exceed a quota by at most what they let through between two flushes, and a process that is killed
 * forgets at most what it counted since its last flush.
 */
export class QuotaCounters {
  readonly #counters = new Map<string, QuotaCounter>();
  readonly #reads = new Map<string, Promise<QuotaCounter>>();
  #sweepAt = FIRST_SWEEP;

  /** @param uses - Default: nothing is recorded; then counts last as long as the process. */
  constructor(private readonly uses?: QuotaUses) {}

  /** The counter of a key for the period of this instant: at once, unless it has to be read. */
  counterOf(apiKeyId: string, { period }: Quota, now: Date): QuotaCounter | Promise<QuotaCounter> {
    const counter = this.#counters.get(apiKeyId);
    // Its period goes on where the clock was put back.
    if (counter?.period === period && now.getTime() < counter.endsAt.getTime()) {
      counter.isInUse = true;
      return counter;
    }
    return this.uses === undefined ? this.begin(apiKeyId, period, now, 0) : this.read(apiKeyId, period, now);
  }

  /** Records what was counted since the last time, and forgets the counters that nobody has used since. */
  async flush(): Promise<void> {
    if (this.uses === undefined) return;
    const counters = [...this.#counters.values()];
    const taken = counters.map((counter) => ({ counter, used: counter.take() })).filter(({ used }) => used > 0);
    try {
      const totals =
        taken.length === 0 ? [] : await this.uses.add(taken.map(({ counter, used }) => ({ ...keyOf(counter), used })));
      for (const [index, { counter }] of taken.entries()) counter.recorded(totals[index] ?? null);
    } catch (error) {
      for (const { counter } of taken) counter.notRecorded();
      throw error;
    }
    for (const counter of counters) {
      if (!counter.isInUse && this.#counters.get(counter.apiKeyId) === counter) this.#counters.delete(counter.apiKeyId);
      counter.isInUse = false;
    }
  }

  /** Requests that come together share one read, and then one counter. */
  private read(apiKeyId: string, period: Quota['period'], now: Date): Promise<QuotaCounter> {
    const running = this.#reads.get(apiKeyId);
    if (running !== undefined) return running;
    const { startsAt } = quotaPeriodAt(period, now);
    const read = (async () => {
      try {
        const recorded = (await this.uses?.find({ apiKeyId, period, startsAt })) ?? 0;
        return this.begin(apiKeyId, period, now, recorded);
      } finally {
        this.#reads.delete(apiKeyId);
      }
    })();
    this.#reads.set(apiKeyId, read);
    return read;
  }

  private begin(apiKeyId: string, period: Quota['period'], now: Date, recorded: number): QuotaCounter {
    if (this.uses === undefined && this.#counters.size >= this.#sweepAt) this.sweep(now);
    const { startsAt, endsAt } = quotaPeriodAt(period, now);
    const counter = new QuotaCounter(apiKeyId, period, startsAt, endsAt, recorded);
    this.#counters.set(apiKeyId, counter);
    return counter;
  }

  private sweep(now: Date): void {
    for (const [id, { endsAt }] of this.#counters) if (endsAt <= now) this.#counters.delete(id);
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#counters.size);
  }
}

function keyOf({ apiKeyId, period, startsAt }: QuotaCounter) {
  return { apiKeyId, period, startsAt };
}
