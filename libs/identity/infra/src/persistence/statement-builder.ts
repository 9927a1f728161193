import type { DataSource, FindOptionsWhere, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { type Dialect, dialectOf } from './dialect.js';
import { SqlParameters } from './sql-parameters.js';
import { type RawRow, type Statement, statementOf } from './statement.js';
import { type TableNames, tableNamesOf } from './table-names.js';

type RowClass<Row> = new () => Row;

/** Builds statements for the tables of one data source, and runs none. */
export class StatementBuilder {
  readonly dialect: Dialect;
  #tables: TableNames | undefined;

  constructor(private readonly dataSource: DataSource) {
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

  insert<Row extends ObjectLiteral>(into: RowClass<Row>, row: QueryDeepPartialEntity<Row>): Statement {
    return statementOf(this.dataSource.createQueryBuilder().insert().into(into).values(row));
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
}
