import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { type RawRow, runAtOnce, runInTurn, type Statement, type Write } from './sql.js';
import { LeaseStatements } from '../credentials/postgres-leases.js';
import { PostgresPool } from './postgres-pool.js';
import { SqliteExecutor } from './sqlite.js';
import { Storage } from './storage.js';
import { changesCredentials, type WriteKind } from './write-kinds.js';

const SAVEPOINT = 'feather_identity';

/** What was begun last in each connection of an application. Releasing a savepoint ends those that came after it. */
const lastWork = new WeakMap<QueryRunner, Promise<unknown>>();

/**
 * Storage inside an open transaction of the application: its changes are committed and rolled back with it. A refused
 * write undoes only itself, so the application may continue.
 */
export class JoinedStorage extends Storage {
  readonly #queryRunner: QueryRunner;
  readonly #sqlite: SqliteExecutor;

  /** @throws TypeError for anything but the `EntityManager` of an open transaction of this data source */
  constructor(dataSource: DataSource, transaction: object) {
    super(dataSource);
    const { queryRunner } = transaction as Partial<EntityManager>;
    if (queryRunner?.dataSource !== dataSource) {
      throw new TypeError('within takes the EntityManager of a transaction on the data source that has the keys.');
    }
    this.#queryRunner = queryRunner;
    this.#sqlite = new SqliteExecutor(dataSource);
    this.assertOpen();
  }

  override read<Row extends RawRow = RawRow>(statement: Statement): Promise<readonly Row[]> {
    if (!this.isPostgres) return super.read(statement);
    return this.translated(() => this.inTurn(() => this.ask(statement))) as Promise<readonly Row[]>;
  }

  /** What changes credentials counts on every instance before this resolves, and so before the application commits. */
  override write<T>(kind: WriteKind, work: () => Write<T>): Promise<T> {
    return this.translated(async () => {
      this.assertOpen();
      if (this.isPostgres) return this.inTurn(() => this.savepoint(kind, work));
      this.#sqlite.health.assertInPlace();
      return this.#sqlite.transaction(() => runAtOnce(work(), (statement) => this.#sqlite.execute(statement)));
    });
  }

  /** The triggers wait: nobody does after the commit of the application. */
  override writeStatement<T>(kind: WriteKind, work: (awaits: string) => Write<T>): Promise<T> {
    return this.write(kind, () => work('true'));
  }

  private async savepoint<T>(kind: WriteKind, work: () => Write<T>): Promise<T> {
    const run = (text: string) => this.ask({ text, values: [] });
    await run(`SAVEPOINT ${SAVEPOINT}`);
    try {
      if (changesCredentials(kind)) await this.withholdLeases();
      return await runInTurn(work(), (statement) => this.ask(statement));
    } catch (error) {
      // Without a connection there is nothing to undo, and the first error says why.
      await run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`).catch(() => undefined);
      throw error;
    } finally {
      await run(`RELEASE SAVEPOINT ${SAVEPOINT}`).catch(() => undefined);
    }
  }

  /**
   * No lease is renewed from now until the transaction ends, and their holders learn of it now instead of within a second.
   * The triggers wait until they have given their leases up.
   */
  private async withholdLeases(): Promise<void> {
    const statements = new LeaseStatements(this.dataSource);
    await this.ask({ text: statements.withhold, values: [] });
    // On another connection: this one announces nothing before its commit. The pool may have none to give.
    PostgresPool.of(this.dataSource)
      .query({ text: statements.release, values: [] })
      .catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const last = lastWork.get(this.#queryRunner) ?? Promise.resolve();
    const next = last.then(work);
    lastWork.set(
      this.#queryRunner,
      next.catch(() => undefined),
    );
    return next;
  }

  private async ask({ text, values }: Statement): Promise<readonly RawRow[]> {
    this.assertOpen();
    const { records } = await this.#queryRunner.query(text, [...values], true);
    return records as RawRow[];
  }

  /** Otherwise each statement would be a transaction of its own. */
  private assertOpen(): void {
    if (!this.#queryRunner.isReleased && this.#queryRunner.isTransactionActive) return;
    throw new TypeError("The application's transaction is not open: await what you do within it before it ends.");
  }
}
