import type { StatementBuilder } from './sql.js';

/**
 * How many keys a flush writes in one transaction. On PostgreSQL their locks are held meanwhile. SQLite runs in this process,
 * which does nothing else: 100 new rows of usage take it up to 7 ms.
 */
export function batchSize({ dialect }: StatementBuilder): number {
  return dialect === 'postgres' ? 100 : 25;
}
