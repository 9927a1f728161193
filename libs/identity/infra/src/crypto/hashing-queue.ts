import { availableParallelism } from 'node:os';
import { IdentityError } from '@feather-identity/core';
import PQueue from 'p-queue';

/** Bounds of a `HashingQueue`. */
export interface HashingLimits {
  /** How many jobs run at once. */
  readonly running: number;
  /** How many checks may wait, and how many hashes. */
  readonly waiting: number;
  /** How long a job may wait, in milliseconds. */
  readonly waitMs: number;
}

/** Checks run first: a caller with a valid key waits for them, while a creation can be repeated. */
const PRIORITY = { check: 1, hash: 0 } as const;

/** bcrypt, argon2 and scrypt run on libuv's threads, by default 4. One thread is left for files and DNS, and one core for requests. */
const LIBUV_THREADS = 4;
const RUNNING = Math.max(1, Math.min(availableParallelism(), LIBUV_THREADS) - 1);

/** About as many as a worker can run in `waitMs` at 56 ms each (bcrypt at cost 10); imported hashes may take a second. */
const WAITING_PER_WORKER = 50;

const DEFAULT_LIMITS: HashingLimits = { running: RUNNING, waiting: WAITING_PER_WORKER * RUNNING, waitMs: 3000 };

/**
 * Limits the slow hashes of the process: fewer run at once than there are cores, checks run before new hashes, and the queue
 * is limited in length and waiting time. A refused job rejects with `hashing.overloaded` without having run.
 */
export class HashingQueue {
  readonly #jobs: PQueue;
  #hashes = 0;
  #checks = 0;
  #refused = 0;
  #abandoned = 0;

  constructor(private readonly limits: HashingLimits = DEFAULT_LIMITS) {
    this.#jobs = new PQueue({ concurrency: limits.running });
  }

  /** Hashes begun. */
  get hashes(): number {
    return this.#hashes;
  }

  /** Checks begun. */
  get checks(): number {
    return this.#checks;
  }

  /** Jobs that found the queue full or waited too long. */
  get refused(): number {
    return this.#refused;
  }

  /** Jobs that were withdrawn since their caller left before their turn. */
  get abandoned(): number {
    return this.#abandoned;
  }

  get waiting(): number {
    return this.#jobs.size;
  }

  get running(): number {
    return this.#jobs.pending;
  }

  /**
   * Runs a job that makes a hash.
   *
   * @param signal - withdraws the job if it aborts while the job waits; a job that runs goes on
   * @throws IdentityError `hashing.overloaded` if the queue is full, the wait is too long, or the job was withdrawn
   */
  hash<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#run(PRIORITY.hash, signal, () => {
      this.#hashes += 1;
      return job();
    });
  }

  /** Runs a job that checks a secret, before all hashes. Otherwise as `hash`. */
  check<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#run(PRIORITY.check, signal, () => {
      this.#checks += 1;
      return job();
    });
  }

  async #run<T>(priority: number, signal: AbortSignal | undefined, job: () => Promise<T>): Promise<T> {
    // Counted by kind, so that many creations do not keep checks out.
    if (this.#jobs.sizeBy({ priority }) >= this.limits.waiting) throw this.#refusal();
    const wait = new AbortController();
    const timer = setTimeout(() => {
      wait.abort(this.#refusal());
    }, this.limits.waitMs);
    const withdraw = (): void => {
      this.#abandoned += 1;
      wait.abort(overloaded());
    };
    const endWait = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', withdraw);
    };
    if (signal?.aborted === true) withdraw();
    else signal?.addEventListener('abort', withdraw, { once: true });
    const begin = (): Promise<T> => {
      endWait();
      return job();
    };
    return this.#jobs.add(begin, { priority, signal: wait.signal }).finally(endWait);
  }

  #refusal(): IdentityError {
    this.#refused += 1;
    return overloaded();
  }
}

function overloaded(): IdentityError {
  return new IdentityError('hashing.overloaded', 'The service has too many keys to check. Try again shortly.');
}
