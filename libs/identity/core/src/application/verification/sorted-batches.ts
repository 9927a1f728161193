import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many entries are sorted in one turn of the event loop: 2,500 would take it up to 10 ms. */
const SORTED_AT_ONCE = 500;
/** How many entries are brought into one order: each entry is compared with the parts that it may follow. */
const MERGED_AT_ONCE = 10_000;

/**
 * Entries in order, a batch at a time: neighbours share pages of a store. Parts of them are sorted, each in a turn of the
 * event loop of its own, and merged batch by batch. So no turn is long. Of more than 10,000 entries each 10,000 are in
 * order.
 *
 * @param size - entries in a batch; the last one of each 10,000 may have fewer
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
