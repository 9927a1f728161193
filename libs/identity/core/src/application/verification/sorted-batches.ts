import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many entries are sorted in one turn of the event loop: 2,500 would take it up to 10 ms. */
const SORTED_AT_ONCE = 500;
/** How many entries are brought into one order. Each entry is compared with the first one of every part: 20 of them. */
const MERGED_AT_ONCE = 10_000;

/**
 * Yields entries in order, a batch at a time, because neighbours share pages of a store. Sorts them in parts, each in a
 * turn of the event loop of its own, and merges the parts batch by batch, so that no turn is long.
 *
 * @param entries - of more than 10,000, each 10,000 are brought into an order of their own. Equal ones stay as they came
 * @param size - entries in a batch, at least 1; the last one of each 10,000 may have fewer
 * @param compare - as for `Array.sort`
 */
export async function* sortedBatches<T>(
  entries: readonly T[],
  size: number,
  compare: (one: T, other: T) => number,
): AsyncGenerator<readonly T[], void, void> {
  for (let from = 0; from < entries.length; from += MERGED_AT_ONCE) {
    const end = Math.min(from + MERGED_AT_ONCE, entries.length);
    let parts: T[][] = [];
    for (let at = from; at < end; at += SORTED_AT_ONCE) {
      await nextTurn();
      const part = entries.slice(at, Math.min(at + SORTED_AT_ONCE, end)).sort(compare);
      // The smallest at the end, from where it is taken.
      parts.push(part.reverse());
    }
    while (parts.length > 0) {
      const batch: T[] = [];
      while (batch.length < size && parts.length > 0) {
        const least = parts.reduce((best, part) => (compare(part.at(-1) as T, best.at(-1) as T) < 0 ? part : best));
        batch.push(least.pop() as T);
        if (least.length === 0) parts = parts.filter((part) => part !== least);
      }
      yield batch;
    }
  }
}
