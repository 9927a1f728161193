import type { DataSource } from 'typeorm';

const TABLE = 'api_key_secrets';

/** Columns that it has had from the first migration on. */
const COLUMNS = ['id', 'api_key_id', 'key_prefix', 'proof', 'created_at', 'valid_until'];

/** It is ours only together with these, under the same prefix. */
const SIBLINGS = ['organizations', 'members', 'api_keys'];

/** How the first migration is recorded of an application that names its tables: `CreateIdentityTables(auth_*)1764000000000`. */
const NAMED = /^CreateIdentityTables\((.*)\*\)\d{13}$/;

/** Thrown where empty tables would be created beside the identity tables of an application. The message names them. */
export class HostTablesError extends Error {
  override readonly name = 'HostTablesError';

  constructor(tables: readonly string[]) {
    super(
      `The database has the identity tables of an application: ${tables.join(', ')}. They have a tablePrefix or a schema ` +
        'that this program does not know: it would create empty tables beside them, and refuse the keys of the application.',
    );
  }
}

/** A table of secrets, wherever it is in the database. */
interface Found {
  /** Null on SQLite. */
  readonly schema: string | null;
  readonly prefix: string;
  /** Whether statements find it without its schema. */
  readonly visible: boolean | number;
}

/**
 * Checks that no application keeps identity tables here under other names, unless those of this program are here, too.
 * Tables of anything else do not matter, whatever their names, nor does another service in a schema of its own.
 *
 * @param recorded - the names in the table of migrations that this program would use
 * @throws HostTablesError
 */
export async function assertNoHostTables(dataSource: DataSource, recorded: readonly string[]): Promise<void> {
  const naming = recorded.flatMap((name) => NAMED.exec(name)?.[1] ?? []);
  const isNamed = ({ schema, prefix }: Found) => naming.includes(`${schema ?? ''}.${prefix}`);
  const tables = await findTables(dataSource);
  const isVisible = (table: Found) => Boolean(table.visible) && !isNamed(table);
  if (tables.some((table) => table.prefix === '' && isVisible(table))) return;
  const found = tables.filter((table) => isNamed(table) || isVisible(table));
  if (found.length === 0) return;
  const names = found.flatMap(({ schema, prefix, visible }) =>
    [...SIBLINGS, TABLE].map((name) => `${visible || schema === null ? '' : `${schema}.`}${prefix}${name}`),
  );
  throw new HostTablesError(names);
}

function findTables(dataSource: DataSource): Promise<Found[]> {
  const [columns, siblings] = [COLUMNS, SIBLINGS].map((names) => names.map((name) => `'${name}'`).join(', '));
  if (dataSource.options.type === 'postgres') {
    return dataSource.query(
      `SELECT * FROM (SELECT oid, relnamespace, relnamespace::regnamespace::text AS schema, ` +
        `pg_table_is_visible(oid) AS visible, left(relname, -${TABLE.length}) AS prefix FROM pg_class ` +
        `WHERE relkind IN ('r', 'p') AND right(relname, ${TABLE.length}) = '${TABLE}') AS found WHERE ` +
        `(SELECT count(*) FROM pg_attribute WHERE attrelid = found.oid AND attname IN (${columns})) = ${COLUMNS.length} ` +
        'AND (SELECT count(*) FROM pg_class AS other WHERE other.relnamespace = found.relnamespace AND ' +
        `left(other.relname, length(prefix)) = prefix AND substr(other.relname, length(prefix) + 1) IN (${siblings})) ` +
        `= ${SIBLINGS.length} ORDER BY schema, prefix`,
    );
  }
  return dataSource.query(
    `SELECT * FROM (SELECT name, NULL AS schema, 1 AS visible, substr(name, 1, length(name) - ${TABLE.length}) AS prefix ` +
      `FROM sqlite_master WHERE type = 'table' AND substr(name, -${TABLE.length}) = '${TABLE}') AS found WHERE ` +
      `(SELECT count(*) FROM pragma_table_info(found.name) AS col WHERE col.name IN (${columns})) = ${COLUMNS.length} ` +
      `AND (SELECT count(*) FROM sqlite_master AS other WHERE other.type = 'table' AND ` +
      `substr(other.name, 1, length(prefix)) = prefix AND substr(other.name, length(prefix) + 1) IN (${siblings})) ` +
      `= ${SIBLINGS.length} ORDER BY prefix`,
  );
}
