import type { DataSource, EntityManager } from 'typeorm';
import { retryWhileLocked } from './retry-while-locked.js';
import { inSqliteTransaction } from './sqlite-transaction.js';
import { storageUnavailable, translateStorageError } from './storage-error.js';

/** How long a write waits for its turn and SQLite's lock before it gives up, in milliseconds. */
const WRITE_WAIT_MS = 4000;

/** Reads and writes of one data source, with the failures translated. */
export class Storage {
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(private readonly dataSource: DataSource) {}

  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.dataSource.manager);
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  /** Runs `work` in a transaction: all of it is durable when the promise resolves, or none of it is there. */
  async write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      if (this.dataSource.options.type === 'postgres') return await this.dataSource.transaction(work);
      return await this.inTurn(() => inSqliteTransaction(this.dataSource, () => work(this.dataSource.manager)));
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  /** TypeORM has one SQLite connection: a second transaction begun on it would become part of the first. */
  private inTurn<T>(transaction: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + WRITE_WAIT_MS;
    const turn = this.#lastWrite.then(() => {
      const left = deadline - performance.now();
      // Even one attempt waits synchronously: a long queue of late ones would stop the process.
      if (left <= 0) throw storageUnavailable();
      return retryWhileLocked(left, transaction);
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }
}
