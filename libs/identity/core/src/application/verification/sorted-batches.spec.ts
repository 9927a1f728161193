import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sortedBatches } from './sorted-batches.js';

type Entry = readonly [order: number, place: number];

async function batchesOf(entries: readonly Entry[], size: number): Promise<Entry[][]> {
  const batches: Entry[][] = [];
  for await (const batch of sortedBatches(entries, size, ([one], [other]) => one - other)) batches.push([...batch]);
  return batches;
}

it('are all entries, in one order, in batches of the size that was asked for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(50), { maxLength: 1600, size: 'max' }),
      fc.integer({ min: 1, max: 700 }),
      async (orders, size) => {
        const entries = orders.map((order, place) => [order, place] as const);
        const batches = await batchesOf(entries, size);
        // Equal ones stay as they came.
        expect(batches.flat()).toEqual(entries.toSorted(([one], [other]) => one - other));
        expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true);
      },
    ),
    // A smaller counterexample would take minutes to find.
    { numRuns: 30, endOnFailure: true },
  );
});

it('compare an entry no more often, however many there are', async () => {
  const entries = Array.from({ length: 30_000 }, (_, place) => [(place * 7919) % 30_000, place] as const);
  let comparisons = 0;
  const seen: number[] = [];
  const batches = sortedBatches(entries, 25, ([one], [other]) => {
    comparisons += 1;
    return one - other;
  });
  for await (const batch of batches) seen.push(...batch.map(([order]) => order));
  // Some 9 to sort 500 entries, and 20 to merge 20 parts.
  expect(comparisons / entries.length).toBeLessThan(35);
  expect(seen.slice(0, 10_000)).toEqual(seen.slice(0, 10_000).toSorted((one, other) => one - other));
  expect(new Set(seen).size).toBe(entries.length);
});

it('leave the event loop to others between two parts', async () => {
  const entries = Array.from({ length: 5000 }, (_, place) => [-place, place] as const);
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await batchesOf(entries, 5000);
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(10);
});
