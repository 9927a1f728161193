import type { Clock } from '@feather-identity/core';
import { LRUCache } from 'lru-cache';
import type { StartTime, Stopwatch } from './stopwatch.js';
import type { RemoteCaller } from './verdict.js';

const MAX_CALLERS = 10_000;

interface CachedCaller {
  readonly remoteCaller: RemoteCaller;
  readonly sentAt: StartTime;
}

/** Maximum ages of an answer, in seconds. */
export interface Staleness {
  readonly maxStalenessSeconds: number;
  readonly staleIfErrorSeconds: number;
}

/** The callers of the tokens that were used last, by the digest of the token. Refusals are not cached. */
export class CallerCache {
  readonly #callers = new LRUCache<string, CachedCaller>({ max: MAX_CALLERS });

  constructor(
    private readonly staleness: Staleness,
    private readonly clock: Clock,
    private readonly stopwatch: Stopwatch,
  ) {}

  /** Whether the answer to a call that was sent at this time may still be used. */
  isFresh(sentAt: StartTime): boolean {
    return this.stopwatch.elapsedMs(sentAt) < this.staleness.maxStalenessSeconds * 1000;
  }

  /** The caller, if the service was asked at most `maxStalenessSeconds` ago. */
  getFresh(digest: string): RemoteCaller | undefined {
    const cached = this.#callers.get(digest);
    return cached !== undefined && this.isFresh(cached.sentAt) && this.isValid(cached)
      ? cached.remoteCaller
      : undefined;
  }

  /** The caller, if the service was asked at most `staleIfErrorSeconds` ago: for use while it cannot be reached. */
  getStale(digest: string): RemoteCaller | undefined {
    const cached = this.#callers.get(digest);
    if (cached === undefined || !this.isValid(cached)) return undefined;
    const ageMs = this.stopwatch.elapsedMs(cached.sentAt);
    return ageMs < this.staleness.staleIfErrorSeconds * 1000 ? cached.remoteCaller : undefined;
  }

  set(digest: string, remoteCaller: RemoteCaller, sentAt: StartTime): void {
    this.#callers.set(digest, { remoteCaller, sentAt });
  }

  delete(digest: string): void {
    this.#callers.delete(digest);
  }

  clear(): void {
    this.#callers.clear();
  }

  private isValid({ remoteCaller: { validUntil } }: CachedCaller): boolean {
    return validUntil === null || this.clock.now().getTime() < validUntil;
  }
}
