import type { DataSource, FindOptionsWhere, ObjectLiteral, QueryBuilder, SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { type Dialect, dialectOf } from '../tables/columns.js';
import { quotedPath, type TableNames, tableNamesOf } from '../tables/tables.js';

/** A statement and the values of its parameters, as the driver of its database takes them. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A row by the names of its columns. */
export type RawRow = Readonly<Record<string, unknown>>;

/**
 * A write as a list of statements: each is yielded, and the rows that it returns are the value of the `yield`. A generator,
 * so that one piece of code runs in two ways. PostgreSQL's statements are awaited (`runInTurn`). SQLite's run without a
 * single turn of the event loop between them (`runAtOnce`), because the application writes on the same connection.
 */
export type Write<T> = Generator<Statement, T, readonly RawRow[]>;

/** Runs a write without a pause. A statement that fails throws where it was yielded. */
export function runAtOnce<T>(write: Write<T>, execute: (statement: Statement) => readonly RawRow[]): T {
  let step = write.next();
  while (step.done !== true) {
    let rows: readonly RawRow[];
    try {
      rows = execute(step.value);
    } catch (error) {
      step = write.throw(error);
      continue;
    }
    step = write.next(rows);
  }
  return step.value;
}

/** Runs a write and awaits each statement. One that fails throws where it was yielded. */
export async function runInTurn<T>(
  write: Write<T>,
  execute: (statement: Statement) => Promise<readonly RawRow[]>,
): Promise<T> {
  let step = write.next();
  while (step.done !== true) {
    let rows: readonly RawRow[];
    try {
      rows = await execute(step.value);
    } catch (error) {
      step = write.throw(error);
      continue;
    }
    step = write.next(rows);
  }
  return step.value;
}

/** The UTC text of an instant as TypeORM stores it in SQLite: `2026-01-02 03:04:05.678`. */
export function toSqliteInstant(instant: Date): string {
  return instant.toISOString().slice(0, -1).replace('T', ' ');
}

/** The instant of such a text; an invalid Date for any other text. */
export function fromSqliteInstant(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}Z`);
}

/** The types of values in statements that are written by hand, as PostgreSQL calls them. */
export type SqlType = 'uuid' | 'text' | 'boolean' | 'integer' | 'bigint' | 'timestamptz';

/** The values of a statement that is written by hand, each with a mark that its text may have in several places. */
export class SqlParameters {
  readonly #values: unknown[] = [];

  constructor(readonly dialect: Dialect) {}

  /** Adds a value and answers its mark. PostgreSQL does not infer the type of a selected parameter. */
  mark(value: unknown, type: SqlType | `${SqlType}[]`): string {
    if (this.dialect === 'postgres') return `$${this.#values.push(value)}::${type}`;
    return `?${this.#values.push(toSqliteValue(value))}`;
  }

  /** What the driver takes; better-sqlite3 wants the values of numbered marks by their numbers. */
  get values(): unknown[] {
    if (this.dialect === 'postgres') return this.#values;
    return [Object.fromEntries(this.#values.map((value, index) => [index + 1, value]))];
  }
}

/** SQL that compares a column with these ids. */
export function among(parameters: SqlParameters, ids: readonly string[]): string {
  return parameters.dialect === 'postgres'
    ? `= ANY(${parameters.mark(ids, 'uuid[]')})`
    : `IN (SELECT value FROM json_each(${parameters.mark(JSON.stringify(ids), 'text')}))`;
}

function toSqliteValue(value: unknown): unknown {
  if (value instanceof Date) return toSqliteInstant(value);
  return typeof value === 'boolean' ? Number(value) : value;
}

type RowClass<Row> = new () => Row;

/** A column of a table. Its type is TypeORM's: SQLite's instants are `datetime`. */
interface Column {
  readonly property: string;
  readonly name: string;
  readonly type: SqlType | 'datetime';
}

/** Builds statements for the tables of one data source, from the columns in `tables/`. Runs none of them. */
export class StatementBuilder {
  readonly dialect: Dialect;
  #tables: TableNames | undefined;
  readonly #columns = new Map<RowClass<ObjectLiteral>, readonly Column[]>();

  /** @param onlyRememberedPeppers - see `RepositoryOptions` */
  constructor(
    private readonly dataSource: DataSource,
    readonly onlyRememberedPeppers = false,
  ) {
    this.dialect = dialectOf(dataSource.options.type);
  }

  /** For statements that are written by hand. A data source knows its tables once it is initialized. */
  get tables(): TableNames {
    return (this.#tables ??= tableNamesOf(this.dataSource));
  }

  /** Of a new statement that is written by hand. */
  parameters(): SqlParameters {
    return new SqlParameters(this.dialect);
  }

  select<Row extends ObjectLiteral>(from: RowClass<Row>, alias: string): SelectQueryBuilder<Row> {
    return this.dataSource.createQueryBuilder(from, alias);
  }

  /** Inserts a row, past the ORM, which takes ten times as long. A collision is an error, never an overwrite. */
  insert<Row extends ObjectLiteral>(into: RowClass<Row>, row: Partial<Row>): Statement {
    const { path, columns } = this.target(into, row);
    const isPostgres = this.dialect === 'postgres';
    const names = columns.map(({ name }) => name).join(', ');
    // better-sqlite3 binds plain marks in half the time of numbered ones.
    const marks = columns.map(({ type }, index) => (isPostgres ? `$${index + 1}::${type}` : '?')).join(', ');
    const values = columns.map(({ property }) => (isPostgres ? row[property] : toSqliteValue(row[property])));
    return { text: `INSERT INTO ${path} (${names}) VALUES (${marks})`, values };
  }

  /** `INSERT INTO ... SELECT` of rows that have the same columns, for PostgreSQL alone. It may go on with the FROM. */
  insertRows<Row extends ObjectLiteral>(
    into: RowClass<Row>,
    rows: readonly Partial<Row>[],
    parameters: SqlParameters,
  ): string {
    const { path, columns } = this.target(into, rows[0] ?? {});
    const names = columns.map(({ name }) => name).join(', ');
    const arrays = columns.map(({ property, type }) =>
      parameters.mark(
        rows.map((row) => row[property]),
        `${type as SqlType}[]`,
      ),
    );
    return `INSERT INTO ${path} (${names}) SELECT added.* FROM unnest(${arrays.join(', ')}) AS added`;
  }

  /**
   * `INSERT INTO ... SELECT` of one row, for PostgreSQL alone, some of whose columns are SQL. It may go on with the FROM.
   */
  insertSelected<Row extends ObjectLiteral>(
    into: RowClass<Row>,
    row: Partial<Row>,
    selected: Readonly<Partial<Record<keyof Row, string>>>,
    parameters: SqlParameters,
  ): string {
    const { path, columns } = this.target(into, { ...row, ...selected });
    const names = columns.map(({ name }) => name).join(', ');
    const values = columns.map(
      ({ property, type }) => selected[property] ?? parameters.mark(row[property], type as SqlType),
    );
    return `INSERT INTO ${path} (${names}) SELECT ${values.join(', ')}`;
  }

  /** Inserts rows that have the same columns: on PostgreSQL by one statement, on SQLite one by one. */
  *insertAll<Row extends ObjectLiteral>(into: RowClass<Row>, rows: readonly Partial<Row>[]): Write<void> {
    if (rows.length === 0) return;
    if (this.dialect !== 'postgres') {
      for (const row of rows) yield this.insert(into, row);
      return;
    }
    const parameters = this.parameters();
    yield { text: this.insertRows(into, rows, parameters), values: parameters.values };
  }

  update<Row extends ObjectLiteral>(
    rows: RowClass<Row>,
    where: FindOptionsWhere<Row>,
    set: QueryDeepPartialEntity<Row>,
  ): Statement {
    return statementOf(this.dataSource.createQueryBuilder().update(rows).set(set).where(where));
  }

  delete<Row extends ObjectLiteral>(from: RowClass<Row>, where: FindOptionsWhere<Row>): Statement {
    return statementOf(this.dataSource.createQueryBuilder().delete().from(from).where(where));
  }

  /** The rows that were selected under an alias. */
  rowsOf<Row extends ObjectLiteral>(row: RowClass<Row>, alias: string, selected: readonly RawRow[]): Row[] {
    return [...selected].map((each) => this.rowOf(row, alias, each)).filter((each) => each !== null);
  }

  /** The row that was selected under an alias; null for that of an outer join that found none. */
  rowOf<Row extends ObjectLiteral>(row: RowClass<Row>, alias: string, selected: RawRow): Row | null {
    const { columns, primaryColumns } = this.dataSource.getMetadata(row);
    const valueOf = (databaseName: string) => selected[`${alias}_${databaseName}`];
    if (primaryColumns.some(({ databaseName }) => valueOf(databaseName) === null)) return null;
    const { driver } = this.dataSource;
    const entries = columns.map((column): [string, unknown] => [
      column.propertyName,
      driver.prepareHydratedValue(valueOf(column.databaseName), column),
    ]);
    return Object.fromEntries(entries) as Row;
  }

  /** The columns of a table that are selected, by property and by name. Made once: lists ask for each row. */
  columnsOf<Row extends ObjectLiteral>(row: RowClass<Row>): readonly Column[] {
    const known = this.#columns.get(row);
    if (known !== undefined) return known;
    const selected = this.dataSource.getMetadata(row).columns.filter(({ isSelect }) => isSelect);
    const columns = selected.map(({ propertyName, databaseName, type }) => ({
      property: propertyName,
      name: databaseName,
      type: type as Column['type'],
    }));
    this.#columns.set(row, columns);
    return columns;
  }

  /** Where a row goes: its table, and those of the table's columns that it has. */
  private target<Row extends ObjectLiteral>(into: RowClass<Row>, row: Partial<Row>) {
    return {
      path: quotedPath(this.dataSource, this.dataSource.getMetadata(into).tablePath),
      columns: this.columnsOf(into).filter(({ property }) => property in row),
    };
  }
}

/** The statement that a query builder stands for. */
export function statementOf(builder: QueryBuilder<object>): Statement {
  const [text, values] = builder.getQueryAndParameters();
  return { text, values };
}
