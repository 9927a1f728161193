import type { Clock } from '@feather-identity/core';
import { LRUCache } from 'lru-cache';
import type { Beginning, Stopwatch } from './stopwatch.js';
import type { RemoteCaller } from './verdict.js';

const MAX_CALLERS = 10_000;

interface KnownCaller {
  readonly told: RemoteCaller;
  readonly askedAt: Beginning;
}

/** How old an answer may get, in seconds. */
export interface Staleness {
  readonly maxStalenessSeconds: number;
  readonly staleIfErrorSeconds: number;
}

/** What the service said of the tokens that were used last, by their digest. Only good ones are kept. */
export class CallerCache {
  readonly #callers = new LRUCache<string, KnownCaller>({ max: MAX_CALLERS });

  constructor(
    private readonly staleness: Staleness,
    private readonly clock: Clock,
    private readonly stopwatch: Stopwatch,
  ) {}

  /** Whether an answer to a question that was asked then may still be given. */
  isFresh(askedAt: Beginning): boolean {
    return this.stopwatch.msSince(askedAt) < this.staleness.maxStalenessSeconds * 1000;
  }

  /** The caller, if the service was asked recently enough. */
  fresh(digest: string): RemoteCaller | undefined {
    const known = this.#callers.get(digest);
    return known !== undefined && this.isFresh(known.askedAt) && this.isRunning(known) ? known.told : undefined;
  }

  /** The caller, if that is recent enough for a time without the service. */
  whileUnreachable(digest: string): RemoteCaller | undefined {
    const known = this.#callers.get(digest);
    if (known === undefined || !this.isRunning(known)) return undefined;
    return this.stopwatch.msSince(known.askedAt) < this.staleness.staleIfErrorSeconds * 1000 ? known.told : undefined;
  }

  keep(digest: string, told: RemoteCaller, askedAt: Beginning): void {
    this.#callers.set(digest, { told, askedAt });
  }

  forget(digest: string): void {
    this.#callers.delete(digest);
  }

  forgetAll(): void {
    this.#callers.clear();
  }

  private isRunning({ told: { validUntil } }: KnownCaller): boolean {
    return validUntil === null || this.clock.now().getTime() < validUntil;
  }
}
