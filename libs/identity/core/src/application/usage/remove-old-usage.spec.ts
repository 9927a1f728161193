import { describe, expect, it } from '@jest/globals';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import { InMemoryUsageCounts } from '../../testing/fakes/in-memory-usage-counts.js';
import { InMemoryStore } from '../../testing/fakes/in-memory-store.js';
import { RemoveOldUsage } from './remove-old-usage.js';

const DAY_MS = 86_400_000;

/** Finds something to remove so many times. */
class ManyRows extends InMemoryUsageCounts {
  readonly before: { readonly hours: Date; readonly days: Date }[] = [];
  readonly limits: number[] = [];
  left = 3;

  override async removeBefore(
    before: { readonly hours: Date; readonly days: Date },
    limit: number = this.mostAtOnce,
  ): Promise<boolean> {
    this.before.push(before);
    this.limits.push(limit);
    this.left -= 1;
    return this.left > 0;
  }
}

describe('removing old usage', () => {
  it.each([
    [{}, 90, 1095],
    [{ usageHoursKeptDays: 2, usageDaysKeptDays: 31 }, 2, 31],
  ])('goes on until nothing is left that is kept no longer: %j', async (retention, hours, days) => {
    const identity = new InMemoryIdentity();
    const usageCounts = new ManyRows(new InMemoryStore());
    await new RemoveOldUsage(partsOf(identity, usageCounts), retention).execute();
    const now = identity.clock.now().getTime();
    const before = { hours: new Date(now - hours * DAY_MS), days: new Date(now - days * DAY_MS) };
    expect(usageCounts.before).toEqual([before, before, before]);
    expect(new Set(usageCounts.limits)).toEqual(new Set([usageCounts.mostAtOnce]));
  });

  it('leaves the work to the instance that has it, until its lease ends', async () => {
    const identity = new InMemoryIdentity();
    const usageCounts = new ManyRows(new InMemoryStore());
    const parts = partsOf(identity, usageCounts);
    await new RemoveOldUsage(parts).execute();
    usageCounts.left = 1;
    await new RemoveOldUsage(parts).execute();
    expect(usageCounts.left).toBe(1);
    identity.clock.advance(60_000);
    await new RemoveOldUsage(parts).execute();
    expect(usageCounts.left).toBe(0);
  });

  it.each([
    { usageHoursKeptDays: 0 },
    { usageHoursKeptDays: 1.5 },
    { usageHoursKeptDays: Number.NaN },
    { usageDaysKeptDays: 30 },
  ])('refuses days that would lose usage: %j', (retention) => {
    expect(() => new RemoveOldUsage(new InMemoryIdentity(), retention)).toThrow(RangeError);
  });
});

function partsOf({ leases, ids, clock }: InMemoryIdentity, usageCounts: ManyRows) {
  return { leases, ids, clock, usageCounts };
}
