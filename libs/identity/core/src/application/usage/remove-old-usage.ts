import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { JobLeases } from '../ports/job-leases.js';
import type { UsageCounts } from '../ports/usage-counts.js';

const JOB = 'remove-old-usage';
const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long usage is kept, in days. */
export interface UsageRetention {
  /** Of its hours: a whole number from 1. Default: 90. */
  readonly usageHoursKeptDays?: number | undefined;
  /** Of its days: a whole number from 31, since lists of keys show the last 30 days. Default: 1,095. */
  readonly usageDaysKeptDays?: number | undefined;
}

/** Dependencies of `RemoveOldUsage`. */
export interface RemoveOldUsageDependencies {
  readonly usageCounts: UsageCounts;
  readonly leases: JobLeases;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** Removes usage that is kept no longer, and that of deleted organizations. A lease lets one instance work at a time. */
export class RemoveOldUsage {
  readonly #holder: string;
  readonly #hoursMs: number;
  readonly #daysMs: number;

  /** @throws RangeError for days that are no whole number, or too few: usage would be lost */
  constructor(
    private readonly parts: RemoveOldUsageDependencies,
    { usageHoursKeptDays = 90, usageDaysKeptDays = 1095 }: UsageRetention = {},
  ) {
    assertDays('usageHoursKeptDays', usageHoursKeptDays, 1);
    assertDays('usageDaysKeptDays', usageDaysKeptDays, 31);
    this.#holder = parts.ids.next();
    this.#hoursMs = usageHoursKeptDays * DAY_MS;
    this.#daysMs = usageDaysKeptDays * DAY_MS;
  }

  /** Goes on until nothing is left to remove, or another instance has the lease. */
  async execute(): Promise<void> {
    const { usageCounts, leases, clock } = this.parts;
    for (;;) {
      const now = clock.now();
      if (!(await leases.acquire(JOB, this.#holder, now, new Date(now.getTime() + LEASE_MS)))) return;
      const before = { hours: new Date(now.getTime() - this.#hoursMs), days: new Date(now.getTime() - this.#daysMs) };
      if (!(await usageCounts.removeBefore(before, usageCounts.mostAtOnce))) return;
    }
  }
}

function assertDays(name: string, days: number, least: number): void {
  if (Number.isSafeInteger(days) && days >= least) return;
  throw new RangeError(`${name} must be a whole number from ${least}.`);
}
