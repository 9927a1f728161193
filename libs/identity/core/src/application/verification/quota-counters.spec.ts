import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Quota } from '../../domain/key-limits.js';
import { InMemoryQuotaUses } from '../../testing/fakes/in-memory-quota-uses.js';
import { QuotaCounters } from './quota-counters.js';

const NOON = new Date('2026-03-31T12:00:00.000Z');
const NEXT_DAY = new Date('2026-04-01T00:00:00.000Z');
const DAY: Quota = { requests: 10, period: 'day' };

let uses: InMemoryQuotaUses;
let counters: QuotaCounters;

beforeEach(() => {
  uses = new InMemoryQuotaUses();
  counters = new QuotaCounters(uses);
});

async function use(times: number, at = NOON, of = counters, id = 'a'): Promise<number> {
  const counter = await of.counterOf(id, DAY, at);
  for (let time = 0; time < times; time += 1) counter.add();
  return counter.used;
}

describe('counters of quotas', () => {
  it('go on where another process has stopped', async () => {
    expect(await use(3)).toBe(3);
    await counters.flush();
    expect(await use(2, NOON, new QuotaCounters(uses))).toBe(5);
  });

  it('add up what several processes count, each of which learns of the others when it flushes', async () => {
    const others = new QuotaCounters(uses);
    await use(3);
    await use(4, NOON, others);
    await counters.flush();
    await others.flush();
    expect([await use(0), await use(0, NOON, others)]).toEqual([3, 7]);
    await use(1);
    await counters.flush();
    expect(await use(0)).toBe(8);
  });

  it('go on by themselves where another process, whose clock is ahead, has begun a later period', async () => {
    await use(4);
    const ahead = new QuotaCounters(uses);
    await use(1, NEXT_DAY, ahead);
    await ahead.flush();
    await counters.flush();
    await use(2);
    await counters.flush();
    expect(await use(0)).toBe(6);
  });

  it('read once, however many requests come together', async () => {
    const find = jest.spyOn(uses, 'find');
    const found = await Promise.all(Array.from({ length: 50 }, async () => counters.counterOf('a', DAY, NOON)));
    for (const counter of found) counter.add();
    expect([await use(0), find.mock.calls.length]).toEqual([50, 1]);
  });

  it('count what comes during a flush, and nothing twice when it fails', async () => {
    await use(3);
    const add = jest.spyOn(uses, 'add').mockImplementationOnce(async () => {
      await use(2);
      throw new Error('storage is down');
    });
    await expect(counters.flush()).rejects.toThrow('storage is down');
    expect(await use(0)).toBe(5);
    add.mockImplementationOnce(async (taken) => {
      await use(1);
      return InMemoryQuotaUses.prototype.add.call(uses, taken);
    });
    await counters.flush();
    expect([await use(0), uses.stored.get('a')?.used]).toEqual([6, 5]);
    await counters.flush();
    expect(uses.stored.get('a')?.used).toBe(6);
  });

  it('begin with nothing in the next period, and do not go back with the clock', async () => {
    await use(3);
    expect(await use(0, NEXT_DAY)).toBe(0);
    await use(2, NEXT_DAY);
    expect(await use(0, NOON)).toBe(2);
    await counters.flush();
    expect(uses.stored.get('a')).toMatchObject({ startsAt: NEXT_DAY, used: 2 });
  });

  it('of keys that are not used any more take no memory: they are read again', async () => {
    const find = jest.spyOn(uses, 'find');
    await use(1);
    await counters.flush();
    await use(1);
    await counters.flush();
    expect(find).toHaveBeenCalledTimes(1);
    await counters.flush();
    expect([await use(0), find.mock.calls.length]).toEqual([2, 2]);
  });

  it('that cannot be read let nothing through, and are read again', async () => {
    jest.spyOn(uses, 'find').mockRejectedValueOnce(new Error('storage is down'));
    await expect(use(1)).rejects.toThrow('storage is down');
    expect(await use(1)).toBe(1);
  });

  it('without a store count for themselves, and forget past periods', async () => {
    const own = new QuotaCounters();
    expect(own.counterOf('a', DAY, NOON)).not.toBeInstanceOf(Promise);
    await use(3, NOON, own);
    await own.flush();
    expect([await use(0, NOON, own), await use(0, NEXT_DAY, own)]).toEqual([3, 0]);
  });
});
