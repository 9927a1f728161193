import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LOCK_PAUSE_MS } from './retry-while-locked.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { inSqliteSavepoint, inSqliteTransaction } from './sqlite-transaction.js';
import { runAtOnce, type Statement, type Steps } from './statement.js';
import { isSqliteBusy, storageUnavailable } from './storage-error.js';

/** How long a write waits for its turn and SQLite's lock before it gives up, in milliseconds. */
const WAIT_MS = 4000;

/** Writes in one transaction: the process does nothing else meanwhile. */
const MAX_GROUP = 32;

interface QueuedWrite {
  readonly work: () => Steps<unknown>;
  readonly deadline: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The writes of one SQLite connection, in turns. TypeORM has one, for us and for the application that we are part of:
 * a transaction runs without a pause, and never begins inside one of the application's. Writes that wait share the next
 * transaction, and with it its one sync to disk; each is a savepoint of its own there, so that a failed one takes no
 * other with it, and each is answered after the commit.
 */
export class SqliteWriteQueue {
  #waiting: QueuedWrite[] = [];
  #isDraining = false;

  constructor(private readonly connection: SqliteConnection) {}

  write<T>(work: () => Steps<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const deadline = performance.now() + WAIT_MS;
      this.#waiting.push({ work, deadline, resolve: resolve as (result: unknown) => void, reject });
      if (!this.#isDraining) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      // What else is written in this turn joins the group.
      await nextTurn();
      const group = this.takeGroup();
      if (this.commit(group)) continue;
      this.#waiting.unshift(...group);
      await sleep(LOCK_PAUSE_MS);
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

  /** Commits a group and answers it. False, with nothing done, while the connection or SQLite's lock is not to be had. */
  private commit(group: readonly QueuedWrite[]): boolean {
    if (group.length === 0) return true;
    try {
      if (this.connection.inTransaction) return false;
      this.connection.health.assertInPlace();
      const settle = inSqliteTransaction(this.connection, () => this.attemptAll(group));
      // What went into a file that is not there any more was not stored.
      this.connection.health.assertInPlace();
      for (const answer of settle) answer();
    } catch (error) {
      if (isSqliteBusy(error)) return false;
      for (const { reject } of group) reject(error);
    }
    return true;
  }

  /** Runs the writes of a group. What it returns answers them, to be called once the group is committed. */
  private attemptAll(group: readonly QueuedWrite[]): (() => void)[] {
    const [first, ...others] = group;
    return first !== undefined && others.length === 0
      ? [this.answerTo(first, this.run(first))]
      : group.map((write) => this.attempt(write));
  }

  private attempt(write: QueuedWrite): () => void {
    try {
      return this.answerTo(
        write,
        inSqliteSavepoint(this.connection, () => this.run(write)),
      );
    } catch (error) {
      // SQLite has rolled back by itself (disk full, I/O error): what ran before is gone, and the group fails as a whole.
      if (!this.connection.inTransaction) throw error;
      return () => {
        write.reject(error);
      };
    }
  }

  private answerTo({ resolve }: QueuedWrite, result: unknown): () => void {
    return () => {
      resolve(result);
    };
  }

  private run({ work }: QueuedWrite): unknown {
    return runAtOnce(work(), (statement: Statement) => this.connection.execute(statement));
  }
}
