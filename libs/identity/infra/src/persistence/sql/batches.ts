import type { StatementBuilder } from './sql.js';

/** Entries that are sorted in one turn of the event loop: 10,000 would take it up to 5 ms. */
const SORTED_AT_ONCE = 2500;

/**
 * How many keys a flush writes in one transaction. On PostgreSQL their locks are held meanwhile. SQLite runs in this process,
 * which does nothing else: 100 new rows of usage take it up to 7 ms.
 */
export function batchSize({ dialect }: StatementBuilder): number {
  return dialect === 'postgres' ? 100 : 25;
}

/**
 * What a flush writes, in the order of the ids. So the rows of a batch share pages of the tables and indexes, and two
 * flushes that write the same rows do not deadlock.
 */
export function* batchesById<T>(
  statements: StatementBuilder,
  entries: readonly T[],
  idOf: (entry: T) => string,
): Generator<readonly T[]> {
  const size = batchSize(statements);
  for (let from = 0; from < entries.length; from += SORTED_AT_ONCE) {
    const sorted = entries.slice(from, from + SORTED_AT_ONCE).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    for (let at = 0; at < sorted.length; at += size) yield sorted.slice(at, at + size);
  }
}
