import type { DataSource } from 'typeorm';
import { DatabaseNotReadyError } from '../sql/errors.js';
import { PostgresPool } from '../sql/postgres-pool.js';
import { type TableNames, tableNamesOf } from '../tables/tables.js';

type Privilege = 'INSERT' | 'UPDATE' | 'DELETE';

/**
 * What our statements do with each table, beside reading it. Changing and removing members, and deleting organizations,
 * take more. A host whose role has grants table by table goes on without that.
 */
const NEEDED: Readonly<Record<keyof TableNames, readonly Privilege[]>> = {
  organizations: ['INSERT', 'UPDATE'],
  members: ['INSERT'],
  apiKeys: ['INSERT', 'UPDATE'],
  apiKeySecrets: ['INSERT', 'UPDATE', 'DELETE'],
  apiKeyLabels: ['INSERT', 'DELETE'],
  bootstrap: ['INSERT'],
  auditEvents: ['INSERT'],
  jobLeases: ['INSERT', 'UPDATE'],
  useObservations: ['INSERT', 'UPDATE'],
  // The service alone writes it, at its start. A host whose role has grants table by table goes on without this one.
  keySettings: [],
  // The command line and the operator API alone write these.
  operatorKeys: [],
  operatorEvents: [],
  // Only requests with keys that have a quota need it. A host with grants table by table stays ready without it.
  apiKeyQuotas: [],
};

/**
 * Checks that the role may write to our tables in PostgreSQL, by one look at its catalog.
 *
 * @param dataSource - initialized, for PostgreSQL; its tables exist
 * @throws DatabaseNotReadyError
 */
export async function assertPrivileges(dataSource: DataSource): Promise<void> {
  const names = tableNamesOf(dataSource);
  const needed = (Object.keys(NEEDED) as (keyof TableNames)[]).flatMap((table) =>
    NEEDED[table].map((privilege) => [names[table], privilege] as const),
  );
  // A grant of single columns counts for the whole table: what is missing in it shows in a statement.
  const text =
    "SELECT name || ' (' || string_agg(privilege, ', ') || ')' AS lacks " +
    'FROM unnest($1::text[], $2::text[]) AS needed (name, privilege) ' +
    "WHERE NOT CASE privilege WHEN 'DELETE' THEN has_table_privilege(name, privilege) " +
    'ELSE has_any_column_privilege(name, privilege) END GROUP BY name ORDER BY name';
  const values = [needed.map(([name]) => name), needed.map(([, privilege]) => privilege)];
  const rows = await PostgresPool.of(dataSource).query<{ lacks: string }>({ text, values });
  if (rows.length === 0) return;
  const lacks = rows.map((row) => row.lacks.replaceAll('"', '')).join(', ');
  throw new DatabaseNotReadyError(`The role may not write to: ${lacks}. Grant it these privileges.`);
}
