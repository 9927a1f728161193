import * as crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FAILURE_WINDOW_MS,
  type FailureCount,
  RateLimitStore,
  type RateVerdict,
  type RateWindow,
} from '@feather-identity/core';
import type { Redis } from 'ioredis';
import { parseRedisUrl, type RedisLocation } from './redis-url.js';
import { COUNT_FAILURES, type Script, TAKE } from './scripts.js';
import { TurnBatch } from './turn-batch.js';

/** How long a start waits for the server, in milliseconds. */
const OPEN_MS = 2000;

/** How long a connection may take to be made, in milliseconds. */
const CONNECT_MS = 2000;

/** The longest pause between two attempts to connect, in milliseconds. */
const MAX_PAUSE_MS = 1000;

const DEFAULT_TIME_LIMIT_MS = 50;
const MAX_TIME_LIMIT_MS = 10_000;

/** Without an answer for so long, a connection is made anew, in milliseconds: the way of the old one may be gone. */
const SILENCE_MS = 2000;

/** A script blocks the server: this many requests take it about a millisecond. */
const MAX_BATCH = 200;

const PREFIXES: Readonly<Record<RateWindow['kind'], string>> = { organization: 'o', key: 'k' };

/** Options of `RedisRateLimitStore.open`. */
export interface RedisRateLimitStoreOptions {
  /** `redis://USER:PASSWORD@HOST:PORT/DATABASE`, `rediss://` with TLS; or parsed by `parseRedisUrl`. */
  readonly location: string | RedisLocation;
  /**
   * The first word of every key on the server. Applications that share a server, but not their counts, have different ones.
   * Default: `feather`.
   */
  readonly prefix?: string;
  /** How long a request waits for the server, in milliseconds: a whole number from 1 to 10,000. Default: 50. */
  readonly timeLimitMs?: number;
}

interface Taking {
  readonly windows: readonly RateWindow[];
  readonly counts: boolean;
}

/**
 * Counts over all instances on a Redis or Valkey server. All requests of one turn of the event loop share one command.
 * Promises reject where the server answers with an error, or not within `timeLimitMs`.
 *
 * @example
 * ```ts
 * const rateLimitStore = await RedisRateLimitStore.open({ location: 'redis://localhost:6379' });
 * IdentityModule.forRoot({ ...identity, requestsPerMinute: 6000, rateLimitStore });
 * ```
 */
export class RedisRateLimitStore extends RateLimitStore {
  readonly #redis: Redis;
  /** In braces, which keep all keys in one slot of a cluster. */
  readonly #prefix: string;
  readonly #salt = crypto.randomBytes(16).toString('base64');
  readonly #takings = new TurnBatch((batch: readonly Taking[]) => this.takeAll(batch), MAX_BATCH);
  readonly #failures = new TurnBatch((batch: readonly string[]) => this.countAll(batch), MAX_BATCH);
  #lastError: unknown;
  #silentSince: number | undefined;

  private constructor(
    redis: Redis,
    prefix: string,
    private readonly timeLimitMs: number,
  ) {
    super();
    this.#prefix = `{${prefix}}:`;
    this.#redis = redis;
    this.#redis.on('error', (error) => {
      this.#lastError = error;
    });
    this.#redis.on('ready', () => {
      this.#lastError = undefined;
    });
  }

  /**
   * Connects. If that takes longer than 2 seconds, it continues in the background, so that a start needs no server. The
   * caller closes it.
   *
   * @throws RangeError for a malformed address, a prefix that is not 1 to 64 letters, digits, `-`, `_`, `.` or `:`, or
   * another time limit
   */
  static async open({
    location,
    prefix = 'feather',
    timeLimitMs = DEFAULT_TIME_LIMIT_MS,
  }: RedisRateLimitStoreOptions): Promise<RedisRateLimitStore> {
    const parsed = typeof location === 'string' ? parseRedisUrl(location) : location;
    if (parsed === null) throw new RangeError('location takes redis://HOST or rediss://HOST, without parameters.');
    if (!/^[\w.:-]{1,64}$/.test(prefix)) throw new RangeError('prefix takes 1 to 64 letters, digits, -, _, . and :.');
    if (!Number.isInteger(timeLimitMs) || timeLimitMs < 1 || timeLimitMs > MAX_TIME_LIMIT_MS)
      throw new RangeError(`timeLimitMs takes a whole number from 1 to ${MAX_TIME_LIMIT_MS}.`);
    // Loaded only where it is used: an application without it need not have it installed.
    const { Redis: Client } = await import('ioredis');
    const store = new RedisRateLimitStore(new Client(optionsFor(parsed)), prefix, timeLimitMs);
    await store.connect();
    return store;
  }

  override take(windows: readonly RateWindow[], counts = true): Promise<RateVerdict> {
    return this.#takings.add({ windows, counts });
  }

  override countFailure(source: string): Promise<FailureCount> {
    // The server sees no address.
    return this.#failures.add(crypto.hash('sha256', source, 'base64'));
  }

  /** Ends the connection. */
  close(): void {
    this.#redis.disconnect();
  }

  private async connect(): Promise<void> {
    const isOver = new AbortController();
    const connected = this.#redis.connect().catch((error: unknown) => {
      this.#lastError ??= error;
    });
    await Promise.race([connected, sleep(OPEN_MS, undefined, { signal: isOver.signal }).catch(() => undefined)]);
    isOver.abort();
  }

  private async takeAll(batch: readonly Taking[]): Promise<RateVerdict[]> {
    const names: string[] = [];
    const terms: number[] = [];
    for (const { windows, counts } of batch) {
      terms.push(windows.length, counts ? 1 : 0);
      for (const { kind, id, limit, windowMs } of windows) {
        names.push(`${this.#prefix}${PREFIXES[kind]}:${id}`);
        terms.push(limit, windowMs);
      }
    }
    const numbers = (await this.run(TAKE, names, terms)).values();
    const next = (): number => numbers.next().value ?? 0;
    return batch.map(({ windows }) => {
      const refusedBy = next();
      const states = windows.map(() => ({ remaining: next(), msUntilMore: next() }));
      return { refusedBy: refusedBy === 0 ? null : refusedBy - 1, states };
    });
  }

  private async countAll(batch: readonly string[]): Promise<FailureCount[]> {
    const names = [`${this.#prefix}salt`];
    const numbers = await this.run(COUNT_FAILURES, names, [
      this.#salt,
      `${this.#prefix}f:`,
      FAILURE_WINDOW_MS,
      ...batch,
    ]);
    return batch.map((_, index) => ({
      failures: numbers[2 * index] ?? 0,
      msUntilReset: Math.max(1, numbers[2 * index + 1] ?? 0),
    }));
  }

  private async run({ text, sha }: Script, names: readonly string[], terms: readonly (string | number)[]) {
    const rest = [names.length, ...names, ...terms] as const;
    const answer = this.#redis.evalsha(sha, ...rest).catch((error: unknown) => {
      // A server that has just started.
      if (wordOf(error) === 'NOSCRIPT') return this.#redis.eval(text, ...rest);
      throw error;
    });
    try {
      const numbers = (await within(this.timeLimitMs, answer)) as number[];
      this.#silentSince = undefined;
      return numbers;
    } catch (error) {
      if (error instanceof TooSlow) this.renewSilentConnection();
      throw new Error(this.reasonOf(error));
    }
  }

  private renewSilentConnection(): void {
    const now = performance.now();
    this.#silentSince ??= now;
    if (now - this.#silentSince < SILENCE_MS) return;
    this.#silentSince = undefined;
    this.#redis.disconnect(true);
  }

  /** For the log: without the text of the server, which may repeat what it was sent. */
  private reasonOf(error: unknown): string {
    if (error instanceof TooSlow) return `Redis did not answer within ${this.timeLimitMs} ms.`;
    const cause = this.#redis.status === 'ready' ? error : (this.#lastError ?? error);
    const word = wordOf(cause);
    if (word !== undefined) return `Redis answered ${word}.`;
    const { code } = cause as NodeJS.ErrnoException;
    return `Redis cannot be reached${code === undefined ? '' : ` (${code})`}.`;
  }
}

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** The word that an error of the server begins with, such as OOM or READONLY; undefined for other errors. */
function wordOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'ReplyError' ? /^[A-Z]+/.exec(error.message)?.[0] : undefined;
}

function within<T>(timeLimitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // An answer that came while this process was busy has not been read yet.
      setImmediate(() => {
        reject(new TooSlow());
      });
    }, timeLimitMs);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

function optionsFor({ host, port, database, username, password, isEncrypted }: RedisLocation) {
  return {
    host,
    port,
    db: database,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    protocol: 2 as const,
    disableClientInfo: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: (attempts: number) => Math.min(100 * attempts, MAX_PAUSE_MS),
    // What cannot be asked now is decided elsewhere now.
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
}
