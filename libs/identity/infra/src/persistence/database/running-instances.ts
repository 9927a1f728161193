import type { DataSource } from 'typeorm';
import { HOLDER_LOCK } from '../tables/credential-leases.js';
import { tableNamesOf } from '../tables/tables.js';

/**
 * How many instances run on a PostgreSQL database with a lease on its credentials. There may be more: an instance without
 * leases does not count, nor does one that has verified no key yet. SQLite does not tell, and has 0.
 *
 * @param dataSource - initialized, with all migrations applied
 */
export async function countLeasedInstances(dataSource: DataSource): Promise<number> {
  if (dataSource.options.type !== 'postgres') return 0;
  const { credentialLeases } = tableNamesOf(dataSource);
  const [row] = await dataSource.query<[{ instances: number }?]>(
    `SELECT count(DISTINCT pid)::int AS instances FROM pg_locks WHERE locktype = 'advisory' AND granted ` +
      `AND classid = ${HOLDER_LOCK} AND objid = '${credentialLeases}'::regclass::oid ` +
      'AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
  );
  return row?.instances ?? 0;
}
