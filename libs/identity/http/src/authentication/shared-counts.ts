import { randomUUID } from 'node:crypto';
import {
  Clock,
  type FailureCount,
  RateLimitStore,
  type RateVerdict,
  type RateWindow,
  VerificationMetrics,
} from '@feather-identity/core';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { AuthenticationLimits } from '../identity.options.js';
import { reasonOf } from '../reason-of.js';
import { MemoryRateLimitStore } from './memory-rate-limit-store.js';

/** How often the store is written to, to see whether it counts, in milliseconds. */
const CHECK_MS = 1000;

/** A store that is lost again so soon stays unused for twice as long as before, so that its log lines stay few. */
const RELAPSE_MS = 60_000;

/**
 * Counts over all instances while the store of the options does, and else for this process, as without a store. What is
 * admitted is counted here in any case, so that this process keeps to its limits when the store is lost and when it is back.
 */
@Injectable()
class SharedCounts extends RateLimitStore implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('RateLimitStore');
  readonly #memory: MemoryRateLimitStore;
  readonly #store: RateLimitStore | undefined;
  /** Nobody else counts there, and it is free again at each check. */
  readonly #checked: RateWindow = { kind: 'key', id: `check-${randomUUID()}`, limit: 1, windowMs: CHECK_MS / 2 };
  #isUsed = true;
  #lostAt = -Infinity;
  #foundAt = -Infinity;
  #pauseMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    clock: Clock,
    private readonly metrics: VerificationMetrics,
    @Inject(MODULE_OPTIONS_TOKEN) { rateLimitStore }: AuthenticationLimits,
  ) {
    super();
    this.#memory = new MemoryRateLimitStore(clock);
    this.#store = rateLimitStore;
    if (rateLimitStore !== undefined) metrics.rateLimitStoreReachable = true;
  }

  async onModuleInit(): Promise<void> {
    const store = this.#store;
    if (store === undefined) return;
    await this.check(store);
    this.#timer = setInterval(() => void this.check(store), CHECK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  override take(windows: readonly RateWindow[], counts = true): RateVerdict | Promise<RateVerdict> {
    if (this.#store === undefined || windows.length === 0) return this.#memory.take(windows, counts);
    return this.#isUsed ? this.ask(this.#store, windows, counts) : this.takeAlone(windows, counts);
  }

  override countFailure(source: string): Promise<FailureCount> {
    const own = this.#memory.countFailure(source);
    if (this.#store === undefined) return own;
    if (this.#isUsed) {
      return this.#store.countFailure(source).catch((error: unknown) => {
        this.lose(error);
        this.metrics.limitsDecidedAlone += 1;
        return own;
      });
    }
    this.metrics.limitsDecidedAlone += 1;
    return own;
  }

  private async ask(store: RateLimitStore, windows: readonly RateWindow[], counts: boolean): Promise<RateVerdict> {
    // Of what was admitted here while it was lost, the store knows nothing.
    const sinceFound = performance.now() - this.#foundAt;
    if (windows.some(({ windowMs }) => sinceFound < windowMs)) {
      const own = this.#memory.take(windows, false);
      if (own.refusedBy !== null) return own;
    }
    let verdict: RateVerdict;
    try {
      verdict = await store.take(windows, counts);
    } catch (error) {
      this.lose(error);
      return this.takeAlone(windows, counts);
    }
    if (verdict.refusedBy === null && counts) this.#memory.count(windows);
    return verdict;
  }

  private takeAlone(windows: readonly RateWindow[], counts: boolean): RateVerdict {
    this.metrics.limitsDecidedAlone += 1;
    return this.#memory.take(windows, counts);
  }

  private async check(store: RateLimitStore): Promise<void> {
    if (!this.#isUsed && performance.now() - this.#lostAt < this.#pauseMs) return;
    try {
      // A write: what is full or only to be read answers reads.
      await store.take([this.#checked]);
    } catch (error) {
      this.lose(error);
      return;
    }
    if (this.#isUsed) return;
    this.#isUsed = true;
    this.#foundAt = performance.now();
    this.metrics.rateLimitStoreReachable = true;
    // As loud as the loss.
    this.#logger.warn('Limits are counted over all instances again.');
  }

  private lose(error: unknown): void {
    if (!this.#isUsed) return;
    const now = performance.now();
    this.#pauseMs = now - this.#foundAt < RELAPSE_MS ? Math.min(2 * this.#pauseMs, RELAPSE_MS) : CHECK_MS / 2;
    this.#isUsed = false;
    this.#lostAt = now;
    this.metrics.rateLimitStoreReachable = false;
    this.#logger.warn(`Each instance counts for itself, and limits hold for each alone: ${reasonOf(error)}`);
  }
}

/** The counts of a module, by the class that authentication asks for. */
export const COUNTS: readonly Provider[] = [SharedCounts, { provide: RateLimitStore, useExisting: SharedCounts }];
