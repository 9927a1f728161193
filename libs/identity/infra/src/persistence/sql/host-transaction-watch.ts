import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { sqliteConnection } from './sqlite-connection.js';

const watches = new WeakMap<DataSource, HostTransactionWatch>();

/**
 * Knows which code runs inside of a transaction that the application has open on its SQLite connection. A write that such
 * code awaits would wait for the end of that transaction, and the transaction for the write.
 */
export class HostTransactionWatch {
  readonly #context = new AsyncLocalStorage<object>();
  #open = {};

  private constructor(private readonly dataSource: DataSource) {
    dataSource.subscribers.push({
      // TypeORM calls it before its first pause, so in the context of whoever begins the transaction.
      beforeTransactionStart: () => {
        if (!this.isOpen) this.#open = {};
        this.#context.enterWith(this.#open);
      },
    });
  }

  /** The watch over a data source. There is one for each. */
  static of(dataSource: DataSource): HostTransactionWatch {
    const known = watches.get(dataSource);
    if (known !== undefined) return known;
    const watch = new HostTransactionWatch(dataSource);
    watches.set(dataSource, watch);
    return watch;
  }

  /** Throws in code that runs inside of an open transaction. Other code may wait until it ends. */
  assertOutside(): void {
    if (!this.isOpen || this.#context.getStore() !== this.#open) return;
    throw new Error(
      'This write is awaited inside a transaction on the SQLite connection that it would have to wait for. Take part in ' +
        'the transaction by within(manager) of ApiKeys or Organizations, or write after it has ended.',
    );
  }

  private get isOpen(): boolean {
    return sqliteConnection(this.dataSource).inTransaction;
  }
}
