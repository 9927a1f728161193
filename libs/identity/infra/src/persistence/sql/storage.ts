import type { DataSource } from 'typeorm';
import { storageFailure } from './errors.js';
import { PostgresPool } from './postgres-pool.js';
import { type RawRow, runInTurn, type Statement, StatementBuilder, type Write } from './sql.js';
import { SqliteExecutor, SqliteWriteQueue } from './sqlite.js';
import { SqliteHealth } from './sqlite-health.js';

/** Reads and writes of one data source, with the failures translated. */
export class Storage {
  readonly statements: StatementBuilder;
  readonly #sqlite: SqliteExecutor;
  readonly #sqliteWrites: SqliteWriteQueue;
  readonly #postgres: PostgresPool;

  constructor(readonly dataSource: DataSource) {
    this.statements = new StatementBuilder(dataSource);
    this.#sqlite = new SqliteExecutor(dataSource);
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

  /** Runs a write in a transaction: all of it is durable when the promise resolves, or nothing of it is there. */
  write<T>(work: () => Write<T>): Promise<T> {
    return this.translated(() =>
      this.#isPostgres
        ? this.#postgres.transaction((execute) => runInTurn(work(), execute))
        : this.#sqliteWrites.write(work),
    );
  }

  /**
   * As `write`, for a write that is one statement on PostgreSQL: it needs no BEGIN and COMMIT there, and each connection
   * prepares it once.
   */
  writeStatement<T>(work: () => Write<T>): Promise<T> {
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
