import * as crypto from 'node:crypto';
import { FAILURE_WINDOW_MS, type RateLimitStore, type VerificationMetrics } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { LRUCache } from 'lru-cache';
import { networkOf } from '../client-request.js';

const WINDOW_SECONDS = FAILURE_WINDOW_MS / 1000;
const POLICY = 'failed-authentication';

const MAX_NETWORKS = 65_536;
const MAX_REFUSED_TOKENS = 10_000;

/**
 * Counts refused tokens by address, and answers 429 after too many. A valid key is never refused: every token is verified
 * all the same, except one that was refused a moment ago.
 */
export class FailureThrottle {
  /** Made when an address first fails too often: megabytes that most processes never need. */
  #refused: ReturnType<typeof createRefused> | undefined;
  readonly #salt = crypto.randomBytes(16).toString('base64');

  /** @param of - whose failures are counted together */
  constructor(
    private readonly of: 'keys' | 'operator keys',
    private readonly failuresPerMinute: number,
    private readonly counts: RateLimitStore,
    private readonly metrics: VerificationMetrics,
  ) {}

  /** Throws 429, without looking at the keys, for a token that was refused before, while its address fails too often. */
  assertUnknown(address: string, plainText: string): void {
    if (!this.#refused?.tokens.has(this.digest(plainText))) return;
    const msLeft = (this.#refused.networks.get(networkOf(address)) ?? 0) - Date.now();
    // More is left where the clock was put back.
    if (msLeft > 0 && msLeft <= FAILURE_WINDOW_MS) throw this.refusal(msLeft);
  }

  /** Counts a refused token. Throws 429 when its address has failed too often. */
  async count(address: string, plainText: string): Promise<void> {
    const network = networkOf(address);
    const { failures, msUntilReset } = await this.counts.countFailure(`${this.of} ${network}`);
    if (failures <= this.failuresPerMinute) return;
    this.#refused ??= createRefused();
    this.#refused.tokens.set(this.digest(plainText), true);
    this.#refused.networks.set(network, Date.now() + msUntilReset);
    throw this.refusal(msUntilReset);
  }

  private refusal(msUntilReset: number): ApiError {
    this.metrics.throttled += 1;
    const seconds = Math.max(1, Math.ceil(msUntilReset / 1000));
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

  private digest(text: string): string {
    return crypto.hash('sha256', this.#salt + text, 'hex');
  }
}

function createRefused() {
  return {
    tokens: new LRUCache<string, true>({ max: MAX_REFUSED_TOKENS, ttl: FAILURE_WINDOW_MS }),
    /** Until when each fails too often, in milliseconds since 1970. */
    networks: new LRUCache<string, number>({ max: MAX_NETWORKS }),
  };
}
