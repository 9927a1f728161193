import {
  acceptsAddress,
  type AddressRefusals,
  type Caller,
  type Clock,
  IdentityError,
  KEY_LIMIT_RULES,
  type Quota,
  type QuotaCounter,
  type QuotaCounters,
  type RateLimit,
  type RequestOrigin,
  type VerificationMetrics,
} from '@feather-identity/core';
import type { ApiError } from '@feather-identity/shared-http/errors';
import { type LimitState, describeLimits, limitReached } from './limit-reached.js';
import type { OrganizationRateLimit } from './organization-rate-limit.js';
import type { SlidingWindow } from './sliding-window.js';
import { SlidingWindows } from './sliding-windows.js';

/** What `KeyLimits` works with. */
interface KeyLimitsDependencies {
  readonly clock: Clock;
  readonly metrics: VerificationMetrics;
  readonly quotaCounters: QuotaCounters;
  /** Absent where another service has the keys. */
  readonly addressRefusals: AddressRefusals | undefined;
  readonly organizations: OrganizationRateLimit | undefined;
}

type LimitedKey = Pick<Caller['apiKey'], 'id' | 'rateLimit' | 'quota'>;

/**
 * The limits and networks of single keys. Exact for one process, as those of organizations: a request that is refused by
 * any limit counts for none.
 */
export class KeyLimits {
  readonly #windows: SlidingWindows;

  constructor(private readonly parts: KeyLimitsDependencies) {
    this.#windows = new SlidingWindows(KEY_LIMIT_RULES.maxSeconds * 1000);
  }

  /** Whether the requests of this key are counted. */
  has({ rateLimit, quota }: LimitedKey): boolean {
    // A verifier of the application may know of none.
    return Boolean(rateLimit ?? quota);
  }

  /**
   * Refuses a key that is bound to networks elsewhere.
   *
   * @param address - the client's; empty if it is unknown
   * @throws IdentityError `address.not_allowed`
   */
  assertAddress(caller: Caller, address: string, requestId: string | null): void {
    if (acceptsAddress(caller.apiKey.allowedNetworks ?? null, address)) return;
    const { metrics, addressRefusals } = this.parts;
    metrics.addressRefused += 1;
    const origin: RequestOrigin = { requestId, sourceAddress: address === '' ? null : address };
    addressRefusals?.record(caller, origin);
    const from = address === '' ? 'an unknown address' : address;
    throw new IdentityError('address.not_allowed', `This API key is not accepted from ${from}.`);
  }

  /**
   * Counts one request of a key that has limits, and of its organization. Throws 429 `rate_limited`, or rejects with it
   * where the quota has to be read first.
   */
  spend(caller: Caller): void | Promise<void> {
    const { id, quota } = caller.apiKey;
    const at = this.parts.clock.now();
    const counter = quota ? this.parts.quotaCounters.counterOf(id, quota, at) : undefined;
    if (counter instanceof Promise)
      return counter.then((read) => {
        this.spendAll(caller, read, this.parts.clock.now());
      });
    this.spendAll(caller, counter, at);
  }

  /** Nothing else runs meanwhile: what is free stays free until it is counted. */
  private spendAll({ apiKey, organization }: Caller, counter: QuotaCounter | undefined, at: Date): void {
    const { rateLimit, quota } = apiKey;
    const { organizations } = this.parts;
    organizations?.assertFree(organization.id, at);
    const now = this.#windows.now(at);
    const window = rateLimit ? this.windowOf(apiKey.id, rateLimit) : undefined;
    if (window !== undefined && window.msUntilFree(now) > 0) throw this.refusal(rateState(window, now));
    if (quota && counter && counter.used >= quota.requests) throw this.refusal(quotaState(counter, quota, at));
    organizations?.spend(organization.id, at);
    window?.count(now);
    counter?.add();
  }

  /** Tells a client what is left to its key. */
  headersFor({ id, rateLimit, quota }: LimitedKey): Record<string, string> {
    const at = this.parts.clock.now();
    const states: LimitState[] = [];
    if (rateLimit) states.push(rateState(this.windowOf(id, rateLimit), this.#windows.now(at)));
    const counter = quota && this.parts.quotaCounters.counterOf(id, quota, at);
    // Where a period has just begun, it has to be read: then this answer does without.
    if (counter instanceof Promise) counter.catch(() => undefined);
    else if (counter) states.push(quotaState(counter, quota, at));
    if (states.length === 0) return {};
    const { left, policy } = describeLimits(states);
    // In lower case, which Fastify would have to make of them for each answer.
    return { ratelimit: left, 'ratelimit-policy': policy };
  }

  private windowOf(id: string, { requests, seconds }: RateLimit): SlidingWindow {
    return this.#windows.windowOf(id, requests, seconds * 1000);
  }

  private refusal(state: LimitState): ApiError {
    this.parts.metrics.keyLimited += 1;
    const message =
      state.name === 'quota'
        ? 'The API key has used up its quota. Try again in the next period.'
        : 'The API key has made too many requests. Try again later.';
    return limitReached(message, state);
  }
}

function rateState(window: SlidingWindow, now: number): LimitState {
  const { requests, msUntilMore } = window.remaining(now);
  return { name: 'key', limit: window.limit, seconds: window.windowMs / 1000, remaining: requests, msUntilMore };
}

function quotaState({ startsAt, endsAt, used }: QuotaCounter, { requests }: Quota, at: Date): LimitState {
  return {
    name: 'quota',
    limit: requests,
    seconds: (endsAt.getTime() - startsAt.getTime()) / 1000,
    remaining: Math.max(0, requests - used),
    msUntilMore: Math.max(1, endsAt.getTime() - at.getTime()),
  };
}
