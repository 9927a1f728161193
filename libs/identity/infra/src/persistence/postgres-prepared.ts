import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** Names by text; of a few statements, since values have no place in them. */
const names = new Map<string, string>();

/**
 * Runs a statement past the ORM as a transaction of its own. Each connection of the pool prepares it once: its text must
 * be one of a few, with all values among the parameters.
 */
export async function queryPrepared<Row extends QueryResultRow>(
  dataSource: DataSource,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const name = names.get(text) ?? `feather_${names.size}`;
  names.set(text, name);
  dataSource.logger.logQuery(text, values);
  const pool = (dataSource.driver as PostgresDriver).master as Pool;
  const { rows } = await pool.query<Row>({ name, text, values });
  return rows;
}
