import type { DataSource, QueryRunner, TableForeignKeyOptions } from 'typeorm';
import { columnTypes, type ColumnTypes, type Dialect, dialectOf } from '../tables/columns.js';
import { OrganizationRow } from '../tables/organizations.js';
import { type TableNames, tableNamesOf, tablePathsOf } from '../tables/tables.js';

/** What a migration has to know of the data source that runs it. */
export interface MigratedTables {
  readonly dialect: Dialect;
  readonly types: ColumnTypes;
  /** For TypeORM's schema API. */
  readonly paths: TableNames;
  /** For statements. */
  readonly names: TableNames;
  /** The PostgreSQL schema of the tables, if one was named. */
  readonly schema: string | undefined;
  /** The name of an index or a constraint, which is that of no other installation in the same schema. */
  readonly named: (kind: 'ix' | 'uq' | 'fk' | 'ck', table: keyof TableNames, what: string) => string;
}

/** Reads the names as `tablePathsOf` does. */
export function migratedTables(queryRunner: QueryRunner): MigratedTables {
  const dataSource = dataSourceOf(queryRunner);
  const dialect = dialectOf(dataSource.options.type);
  const paths = tablePathsOf(dataSource);
  return {
    dialect,
    types: columnTypes(dialect),
    paths,
    names: tableNamesOf(dataSource),
    schema: dialect === 'postgres' ? dataSource.getMetadata(OrganizationRow).schema : undefined,
    named: (kind, table, what) => `${kind}_${paths[table].split('.').at(-1) ?? ''}_${what}`,
  };
}

/** What a migration is run with: TypeORM 0.3 has no `dataSource` there, and TypeORM 1 advises against `connection`. */
interface Runner {
  readonly dataSource?: DataSource;
  readonly connection: DataSource;
}

/** The data source that runs a migration. */
export function dataSourceOf({ dataSource, connection }: Runner): DataSource {
  return dataSource ?? connection;
}

/** The foreign key of a table whose rows belong to an organization. */
export function organizationKey({ paths, named }: MigratedTables, table: keyof TableNames): TableForeignKeyOptions {
  return {
    name: named('fk', table, 'organization'),
    columnNames: ['organization_id'],
    referencedTableName: paths.organizations,
    referencedColumnNames: ['id'],
  };
}
