import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { RevocationBarrier } from '../credentials/lease-protocol.js';
import { PostgresBarrierDatabase, PROCESS_CLOCKS } from '../credentials/postgres-leases.js';
import { storageFailure } from './errors.js';
import { HostTransactionWatch } from './host-transaction-watch.js';
import { PostgresPool } from './postgres-pool.js';
import { type RawRow, runInTurn, type Statement, StatementBuilder, statementOf, type Write } from './sql.js';
import { SqliteExecutor, SqliteWriteQueue } from './sqlite.js';
import { SqliteHealth } from './sqlite-health.js';
import { AWAITS } from '../tables/credential-leases.js';
import { changesCredentials, type WriteKind } from './write-kinds.js';

/** True for each row: says to the triggers that this transaction waits after its commit, before any of the rows is changed. */
const AWAITING = `set_config('${AWAITS}', 'on', true) = 'on'`;

/** Runs statements on one data source, and translates their failures (`storageFailure`). */
export class Storage {
  readonly statements: StatementBuilder;
  readonly #sqlite: SqliteExecutor;
  readonly #sqliteWrites: SqliteWriteQueue;
  readonly #postgres: PostgresPool;
  readonly #barrier: RevocationBarrier;

  constructor(
    readonly dataSource: DataSource,
    private readonly onWait: (milliseconds: number) => void = () => undefined,
    onlyRememberedPeppers = false,
  ) {
    this.statements = new StatementBuilder(dataSource, onlyRememberedPeppers);
    this.#sqlite = new SqliteExecutor(dataSource);
    this.#sqliteWrites = new SqliteWriteQueue(this.#sqlite);
    // Begin to watch now, and not with the first request.
    if (!this.isPostgres && dataSource.isInitialized) {
      SqliteHealth.of(dataSource);
      HostTransactionWatch.of(dataSource);
    }
    this.#postgres = PostgresPool.of(dataSource);
    this.#barrier = new RevocationBarrier(new PostgresBarrierDatabase(dataSource), PROCESS_CLOCKS);
  }

  /** Runs a read, as a transaction of its own. */
  async read<Row extends RawRow = RawRow>(statement: Statement): Promise<readonly Row[]> {
    const read = async () => (this.isPostgres ? this.#postgres.query(statement) : this.readSqlite(statement));
    return (await this.translated(read)) as readonly Row[];
  }

  /** The rows of one table, `found` in conditions: all of them, unless `restrict` says which. */
  async rows<Row extends ObjectLiteral>(
    row: new () => Row,
    restrict = (all: SelectQueryBuilder<Row>): SelectQueryBuilder<Row> => all,
  ): Promise<Row[]> {
    const select = restrict(this.statements.select(row, 'found'));
    return this.statements.rowsOf(row, 'found', await this.read(statementOf(select)));
  }

  /**
   * Runs a read that authentication waits for. Its text must be one of a few, with all values among the parameters: each
   * connection to PostgreSQL prepares it once. It times out sooner than other reads.
   */
  lookUp(statement: Statement): Promise<readonly RawRow[]> {
    return this.translated(async () =>
      this.isPostgres
        ? this.#postgres.queryPrepared(statement, this.#postgres.limits.lookUp)
        : this.readSqlite(statement),
    );
  }

  /**
   * Runs a write in a transaction: all of it is durable when the promise resolves, or nothing of it is there. What changes
   * credentials counts on every instance by then.
   */
  write<T>(kind: WriteKind, work: () => Write<T>): Promise<T> {
    return this.translated(async () => {
      if (this.isPostgres) {
        const awaits = changesCredentials(kind);
        const result = await this.#postgres.transaction((execute) => runInTurn(work(), execute), awaits);
        if (awaits) await this.awaitLeases();
        return result;
      }
      HostTransactionWatch.of(this.dataSource).assertOutside();
      return this.#sqliteWrites.write(work);
    });
  }

  /**
   * As `write`, for a write of PostgreSQL that is one statement, and reads that may follow it: each is a transaction of its
   * own without BEGIN and COMMIT, and each connection prepares it once. Undefined stands for a write that has done nothing.
   *
   * @param work - gets a condition for the statement that changes credentials. Without it the triggers wait, too
   */
  writeStatement<T>(kind: WriteKind, work: (awaits: string) => Write<T>): Promise<T> {
    return this.translated(async () => {
      const result = await runInTurn(work(AWAITING), (statement) => this.#postgres.queryPrepared(statement));
      if (result !== undefined && changesCredentials(kind)) await this.awaitLeases();
      return result;
    });
  }

  private async awaitLeases(): Promise<void> {
    const began = performance.now();
    await this.#barrier.wait();
    this.onWait(performance.now() - began);
  }

  protected get isPostgres(): boolean {
    return this.statements.dialect === 'postgres';
  }

  protected async translated<T>(work: () => Promise<T>): Promise<T> {
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
