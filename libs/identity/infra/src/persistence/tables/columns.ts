import type { ColumnType, EntitySchemaOptions } from 'typeorm';

/** A supported database, by the name of TypeORM's driver. */
export type Dialect = 'better-sqlite3' | 'postgres';

/** Column types that differ between the databases. SQLite's `datetime` is TypeORM's UTC text with milliseconds. */
export interface ColumnTypes {
  readonly id: ColumnType & string;
  readonly instant: ColumnType & string;
}

/** The column types of a dialect. */
export function columnTypes(dialect: Dialect): ColumnTypes {
  return dialect === 'postgres' ? { id: 'uuid', instant: 'timestamptz' } : { id: 'varchar', instant: 'datetime' };
}

/** The dialect of a TypeORM driver. Throws for a database that is not supported. */
export function dialectOf(driver: string): Dialect {
  if (driver === 'postgres' || driver === 'better-sqlite3') return driver;
  throw new Error(`The database driver "${driver}" is not supported: use better-sqlite3 or postgres.`);
}

/** Types and places of tables. Each column has an explicit name, or the application's naming strategy would choose one. */
export interface TableOptions {
  readonly types: ColumnTypes;
  /** The part of an `EntitySchema` that says where our table of this name is. */
  readonly placedIn: (table: string) => Pick<EntitySchemaOptions<unknown>, 'tableName' | 'schema' | 'synchronize'>;
}
