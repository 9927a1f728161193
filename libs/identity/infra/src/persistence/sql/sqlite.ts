import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Statement as PreparedStatement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { type DataSource, QueryFailedError } from 'typeorm';
import { isSqliteBusy, storageUnavailable } from './errors.js';
import { type RawRow, runAtOnce, type Statement, type Write } from './sql.js';
import { sqliteConnection } from './sqlite-connection.js';
import { SqliteHealth } from './sqlite-health.js';

/** Prepared statements that are kept. There are few texts: values have no place in them. */
const MAX_PREPARED = 100;

/** Between two attempts to get SQLite's lock, in milliseconds. */
const LOCK_PAUSE_MS = 25;

/** How long a write waits for its turn and SQLite's lock before it gives up, in milliseconds. */
const WAIT_MS = 4000;

/** The most writes in one transaction. The process does nothing else while they run. */
const MAX_GROUP = 32;

/**
 * Repeats `attempt` while another process holds SQLite's lock, for `limitMs` at most; then the last error is thrown.
 * better-sqlite3 waits synchronously inside SQLite, so the wait there is kept short and the event loop runs in between.
 */
export async function retryWhileLocked<T>(limitMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isSqliteBusy(error) || performance.now() >= deadline) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** Runs statements on the connection that TypeORM has to SQLite, past TypeORM and without a pause. */
export class SqliteExecutor {
  readonly #prepared = new LRUCache<string, PreparedStatement<unknown[], RawRow>>({ max: MAX_PREPARED });

  constructor(private readonly dataSource: DataSource) {}

  /** Whether a transaction is open on the connection, ours or the application's. */
  get inTransaction(): boolean {
    return sqliteConnection(this.dataSource).inTransaction;
  }

  /** Whether the connection still works with its own file. */
  get health(): SqliteHealth {
    return SqliteHealth.of(this.dataSource);
  }

  /**
   * Runs `work` in a transaction; inside of another one, in a savepoint, so that a failure undoes `work` alone. It takes
   * SQLite's write lock before the first look at the data. Between its statements there is no turn of the event loop: what
   * the application sent meanwhile on this connection would be part of the transaction, or end it.
   */
  transaction<T>(work: () => T): T {
    return this.health.observe(() => sqliteConnection(this.dataSource).transaction(work).immediate());
  }

  /** The rows of a statement. Logs it, and throws `QueryFailedError`, as TypeORM does. */
  execute({ text, values }: Statement): readonly RawRow[] {
    const { logger } = this.dataSource;
    const bound = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    logger.logQuery(text, bound);
    try {
      const prepared = this.prepare(text);
      if (prepared.reader) return prepared.all(...bound);
      prepared.run(...bound);
      return [];
    } catch (error) {
      const failure = error as Error;
      logger.logQueryError(failure, text, bound);
      this.health.note(failure);
      throw new QueryFailedError(text, bound, failure);
    }
  }

  private prepare(text: string): PreparedStatement<unknown[], RawRow> {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const prepared = sqliteConnection(this.dataSource).prepare<unknown[], RawRow>(text);
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

interface QueuedWrite {
  readonly work: () => Write<unknown>;
  readonly deadline: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The writes of one SQLite connection, in turns. TypeORM has one connection, for us and for the application that we are
 * part of: a write never begins inside a transaction of the application's. Writes that wait share the next transaction,
 * and with it its one sync to disk. A failed write takes no other with it, and each is answered after the commit. A write
 * may run more than once: what an attempt has done is undone before the next.
 */
export class SqliteWriteQueue {
  #waiting: QueuedWrite[] = [];
  #isDraining = false;

  constructor(private readonly executor: SqliteExecutor) {}

  write<T>(work: () => Write<T>): Promise<T> {
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

  /**
   * Commits a group and answers it. False, with nothing done, while the application has a transaction open on the
   * connection or another process holds SQLite's lock.
   */
  private commit(group: readonly QueuedWrite[]): boolean {
    if (group.length === 0) return true;
    try {
      if (this.executor.inTransaction) return false;
      this.executor.health.assertInPlace();
      const answers = this.attemptAll(group);
      // A write to a file that was deleted or replaced meanwhile is lost.
      this.executor.health.assertInPlace();
      for (const answer of answers) answer();
    } catch (error) {
      if (isSqliteBusy(error)) return false;
      for (const { reject } of group) reject(error);
    }
    return true;
  }

  /**
   * Runs the writes of a group in one transaction. What it returns answers them, now that they are committed. A savepoint
   * for each write would take as long as the write, so there are none unless one of the writes fails; then all of them
   * run again.
   */
  private attemptAll(group: readonly QueuedWrite[]): (() => void)[] {
    try {
      return this.executor.transaction(() => group.map((write) => this.answerTo(write, this.run(write))));
    } catch (error) {
      if (group.length === 1 || isSqliteBusy(error)) throw error;
      return this.executor.transaction(() => group.map((write) => this.attempt(write)));
    }
  }

  private attempt(write: QueuedWrite): () => void {
    try {
      const result = this.executor.transaction(() => this.run(write));
      return this.answerTo(write, result);
    } catch (error) {
      // SQLite has rolled back by itself (disk full, I/O error): what ran before is gone, and the group fails as a whole.
      if (!this.executor.inTransaction) throw error;
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
    return runAtOnce(work(), (statement: Statement) => this.executor.execute(statement));
  }
}
