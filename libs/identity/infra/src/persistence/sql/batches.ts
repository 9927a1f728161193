import { sortedBatches } from '@feather-identity/core';
import type { StatementBuilder } from './sql.js';

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
export function batchesById<T>(
  statements: StatementBuilder,
  entries: readonly T[],
  idOf: (entry: T) => string,
): AsyncGenerator<readonly T[], void, void> {
  return sortedBatches(entries, batchSize(statements), (one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}
