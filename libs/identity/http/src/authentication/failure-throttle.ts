import * as crypto from 'node:crypto';
import type { VerificationMetrics } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../client-request.js';

const WINDOW_SECONDS = 60;
const POLICY = 'failed-authentication';

/** Addresses share this many counters, so that a flood from any number of addresses takes no more memory. */
const COUNTERS = 65_536;
const MAX_REFUSED_TOKENS = 10_000;

/**
 * Counts refused tokens by address, and answers 429 after too many. A valid key is never refused: every token is verified
 * all the same, except one that was refused a moment ago.
 */
export class FailureThrottle {
  readonly #failures: RateLimiterMemory;
  readonly #refusedTokens = new LRUCache<string, true>({ max: MAX_REFUSED_TOKENS, ttl: WINDOW_SECONDS * 1000 });
  readonly #salt = crypto.randomBytes(16).toString('base64');

  constructor(
    private readonly failuresPerMinute: number,
    private readonly metrics: VerificationMetrics,
  ) {
    this.#failures = new RateLimiterMemory({ points: failuresPerMinute, duration: WINDOW_SECONDS });
  }

  /** Throws 429, without looking at the keys, for a token that was refused before, while its address fails too often. */
  async assertUnknown(address: string, plainText: string): Promise<void> {
    if (!this.#refusedTokens.has(this.digest(plainText))) return;
    const failures = await this.#failures.get(this.counterOf(address));
    if (failures !== null && failures.consumedPoints > this.failuresPerMinute) throw this.refusal(failures);
  }

  /** Counts a refused token. Throws 429 when its address has failed too often. */
  async count(address: string, plainText: string): Promise<void> {
    const failures = await this.#failures.penalty(this.counterOf(address));
    if (failures.consumedPoints <= this.failuresPerMinute) return;
    this.#refusedTokens.set(this.digest(plainText), true);
    throw this.refusal(failures);
  }

  private refusal({ msBeforeNext }: RateLimiterRes): ApiError {
    this.metrics.throttled += 1;
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    return new ApiError({
      status: 429,
      error: 'rate_limited',
      message: 'Too many failed authentications from this address. Try again later.',
      retryAfter: seconds,
      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      headers: {
        RateLimit: `"${POLICY}";r=0;t=${seconds}`,
        'RateLimit-Policy': `"${POLICY}";q=${this.failuresPerMinute};w=${WINDOW_SECONDS}`,
      },
    });
  }

  /** The counter of an address, or of its network for IPv6. Salted, so that nobody can aim at a neighbour. */
  private counterOf(address: string): number {
    return Number.parseInt(this.digest(networkOf(address)).slice(0, 8), 16) % COUNTERS;
  }

  private digest(text: string): string {
    return crypto.hash('sha256', this.#salt + text, 'hex');
  }
}
