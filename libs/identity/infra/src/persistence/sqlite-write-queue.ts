import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { LOCK_PAUSE_MS } from './retry-while-locked.js';
import { inSqliteSavepoint, inSqliteTransaction, sqliteConnection } from './sqlite-transaction.js';
import { isSqliteBusy, storageUnavailable } from './storage-error.js';

/** How long a write waits for its turn and SQLite's lock before it gives up, in milliseconds. */
const WAIT_MS = 4000;

/** Writes in one transaction: nothing else runs on SQLite meanwhile. */
const MAX_GROUP = 32;

interface QueuedWrite {
  readonly work: () => Promise<unknown>;
  readonly deadline: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The writes of one SQLite connection, in turns: TypeORM has one, and a second transaction begun on it would become part
 * of the first. Those that wait share the next transaction, and with it its one sync to disk; each is a savepoint of its
 * own there, so that a failed one takes no other with it, and each is answered after the commit.
 */
export class SqliteWriteQueue {
  #waiting: QueuedWrite[] = [];
  #isDraining = false;

  constructor(private readonly dataSource: DataSource) {}

  write<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const deadline = performance.now() + WAIT_MS;
      this.#waiting.push({ work, deadline, resolve: resolve as (result: unknown) => void, reject });
      if (!this.#isDraining) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      const group = this.takeGroup();
      try {
        await this.commit(group);
      } catch (error) {
        if (isSqliteBusy(error)) {
          // better-sqlite3 waits synchronously inside SQLite: the wait there is short, and the event loop runs here.
          this.#waiting.unshift(...group);
          await sleep(LOCK_PAUSE_MS);
        } else {
          for (const { reject } of group) reject(error);
        }
      }
    }
    this.#isDraining = false;
  }

  /** The next writes in line. Those that have waited for too long are refused: a client should not wait any longer. */
  private takeGroup(): readonly QueuedWrite[] {
    const now = performance.now();
    const inTime: QueuedWrite[] = [];
    for (const write of this.#waiting.splice(0, MAX_GROUP)) {
      if (now < write.deadline) inTime.push(write);
      else write.reject(storageUnavailable());
    }
    return inTime;
  }

  private async commit(group: readonly QueuedWrite[]): Promise<void> {
    const [first, ...others] = group;
    if (first === undefined) return;
    if (others.length === 0) {
      first.resolve(await inSqliteTransaction(this.dataSource, first.work));
      return;
    }
    const settle = await inSqliteTransaction(this.dataSource, async () => {
      const outcomes: (() => void)[] = [];
      for (const write of group) outcomes.push(await this.attempt(write));
      return outcomes;
    });
    for (const answer of settle) answer();
  }

  /** Runs one write of a group. What it returns answers the write, to be called once the group is committed. */
  private async attempt({ work, resolve, reject }: QueuedWrite): Promise<() => void> {
    try {
      const result = await inSqliteSavepoint(this.dataSource, work);
      return () => {
        resolve(result);
      };
    } catch (error) {
      // SQLite has rolled back by itself (disk full, I/O error): what ran before is gone, and the group fails as a whole.
      if (!sqliteConnection(this.dataSource).inTransaction) throw error;
      return () => {
        reject(error);
      };
    }
  }
}
