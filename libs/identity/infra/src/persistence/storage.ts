import type { DataSource, EntityManager } from 'typeorm';
import { retryWhileLocked } from './retry-while-locked.js';
import { translateStorageError } from './storage-error.js';

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
    const transaction = () => this.dataSource.transaction(work);
    const deadline = performance.now() + WRITE_WAIT_MS;
    try {
      if (this.dataSource.options.type === 'postgres') return await transaction();
      return await this.inTurn(() => retryWhileLocked(deadline - performance.now(), transaction));
    } catch (error) {
      throw translateStorageError(error);
    }
  }

  /** TypeORM has one SQLite connection: a second transaction begun on it would become part of the first. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(work);
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }
}
