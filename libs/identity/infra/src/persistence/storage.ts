import type { DataSource } from 'typeorm';
import { PostgresPool } from './postgres-pool.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteHealth } from './sqlite-health.js';
import { SqliteWriteQueue } from './sqlite-write-queue.js';
import { type RawRow, runInTurn, type Statement, type Steps } from './statement.js';
import { StatementBuilder } from './statement-builder.js';
import { storageFailure } from './storage-failure.js';

/** Reads and writes of one data source, with the failures translated. */
export class Storage {
  readonly statements: StatementBuilder;
  readonly #sqlite: SqliteConnection;
  readonly #sqliteWrites: SqliteWriteQueue;
  readonly #postgres: PostgresPool;

  constructor(readonly dataSource: DataSource) {
    this.statements = new StatementBuilder(dataSource);
    this.#sqlite = new SqliteConnection(dataSource);
    this.#sqliteWrites = new SqliteWriteQueue(this.#sqlite);
    // From now on its files are watched, and not from the first request on.
    if (!this.#isPostgres && dataSource.isInitialized) SqliteHealth.of(dataSource);
    this.#postgres = PostgresPool.of(dataSource);
  }

  /** Runs a read, as a transaction of its own. */
  async read<Row extends RawRow = RawRow>(statement: Statement): Promise<readonly Row[]> {
    const read = async () => (this.#isPostgres ? this.#postgres.query(statement) : this.readSqlite(statement));
    return (await this.translated(read)) as readonly Row[];
  }

  /**
   * Runs a read that requests wait for before they are admitted, of few texts: on PostgreSQL each connection prepares it
   * once, and it is not waited for as long as for others.
   */
  lookUp(statement: Statement): Promise<readonly RawRow[]> {
    return this.translated(async () =>
      this.#isPostgres
        ? this.#postgres.queryPrepared(statement, this.#postgres.limits.lookUp)
        : this.readSqlite(statement),
    );
  }

  /** Runs the steps in a transaction: all of them are durable when the promise resolves, or none of them is there. */
  write<T>(work: () => Steps<T>): Promise<T> {
    return this.translated(() =>
      this.#isPostgres
        ? this.#postgres.transaction((execute) => runInTurn(work(), execute))
        : this.#sqliteWrites.write(work),
    );
  }

  /** As `write`, where each step is a transaction of its own on PostgreSQL, by a statement that is prepared once. */
  writeInSteps<T>(work: () => Steps<T>): Promise<T> {
    if (!this.#isPostgres) return this.write(work);
    return this.translated(() => runInTurn(work(), (statement) => this.#postgres.queryPrepared(statement)));
  }

  get #isPostgres(): boolean {
    return this.statements.dialect === 'postgres';
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storageFailure(this.dataSource, error);
    }
  }

  private readSqlite(statement: Statement): readonly RawRow[] {
    this.#sqlite.health.assertInPlace();
    return this.#sqlite.execute(statement);
  }
}
