import type { DataSource, EntityManager } from 'typeorm';
import { SqliteWriteQueue } from './sqlite-write-queue.js';
import { translateStorageError } from './storage-error.js';

/** Reads and writes of one data source, with the failures translated. */
export class Storage {
  readonly #sqliteWrites: SqliteWriteQueue;

  constructor(readonly dataSource: DataSource) {
    this.#sqliteWrites = new SqliteWriteQueue(dataSource);
  }

  /** Runs a single statement, which is a transaction of its own. */
  async statement<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
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
      return await this.#sqliteWrites.write(() => work(this.dataSource.manager));
    } catch (error) {
      throw translateStorageError(error);
    }
  }
}
