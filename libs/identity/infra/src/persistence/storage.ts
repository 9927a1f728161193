import type { DataSource, EntityManager } from 'typeorm';
import { queryPrepared } from './postgres-prepared.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteHealth } from './sqlite-health.js';
import { SqliteWriteQueue } from './sqlite-write-queue.js';
import { type RawRow, runInTurn, type Statement, type Steps } from './statement.js';
import { StatementBuilder } from './statement-builder.js';
import { translateStorageError } from './storage-error.js';

/** Reads and writes of one data source, with the failures translated. */
export class Storage {
  readonly statements: StatementBuilder;
  readonly #sqlite: SqliteConnection;
  readonly #sqliteWrites: SqliteWriteQueue;

  constructor(readonly dataSource: DataSource) {
    this.statements = new StatementBuilder(dataSource);
    this.#sqlite = new SqliteConnection(dataSource);
    this.#sqliteWrites = new SqliteWriteQueue(this.#sqlite);
    // From now on its files are watched, and not from the first request on.
    if (this.statements.dialect === 'better-sqlite3' && dataSource.isInitialized) SqliteHealth.of(dataSource);
  }

  /** Runs a single statement, which is a transaction of its own. */
  async statement<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      this.assertInPlace();
      return await work(this.dataSource.manager);
    } catch (error) {
      if (this.statements.dialect === 'better-sqlite3') this.#sqlite.health.note(error);
      throw translateStorageError(error);
    }
  }

  /** Runs a read of few texts: on PostgreSQL each connection prepares it once. */
  async read<Row extends RawRow>({ text, values }: Statement): Promise<readonly Row[]> {
    try {
      if (this.statements.dialect === 'postgres') return await queryPrepared<Row>(this.dataSource, text, [...values]);
      this.assertInPlace();
      return this.#sqlite.execute({ text, values }) as readonly Row[];
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  /** Runs the steps in a transaction: all of them are durable when the promise resolves, or none of them is there. */
  async write<T>(work: () => Steps<T>): Promise<T> {
    try {
      if (this.statements.dialect === 'better-sqlite3') return await this.#sqliteWrites.write(work);
      return await this.dataSource.transaction((manager) => runInTurn(work(), (each) => query(manager, each)));
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  /** As `write`, where each step is a transaction of its own on PostgreSQL, by a statement that is prepared once. */
  async writeInSteps<T>(work: () => Steps<T>): Promise<T> {
    if (this.statements.dialect === 'better-sqlite3') return this.write(work);
    try {
      return await runInTurn(work(), ({ text, values }) => queryPrepared(this.dataSource, text, [...values]));
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  private assertInPlace(): void {
    if (this.statements.dialect === 'better-sqlite3') this.#sqlite.health.assertInPlace();
  }
}

async function query({ queryRunner }: EntityManager, { text, values }: Statement): Promise<readonly RawRow[]> {
  const result = await queryRunner?.query(text, [...values], true);
  return (result?.records ?? []) as readonly RawRow[];
}
