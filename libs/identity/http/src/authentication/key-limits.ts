import {
  acceptsAddress,
  type AddressRefusals,
  type Caller,
  type Clock,
  IdentityError,
  type Quota,
  type QuotaCounter,
  type QuotaCounters,
  type RateLimit,
  type RateLimitStore,
  type RateVerdict,
  type RateWindow,
  type RateWindowState,
  type RequestOrigin,
  type VerificationMetrics,
} from '@feather-identity/core';
import type { ApiError } from '@feather-identity/shared-http/errors';
import { type LimitState, describeLimits, limitReached } from './limit-reached.js';
import type { OrganizationRateLimit } from './organization-rate-limit.js';

/** What `KeyLimits` works with. */
interface KeyLimitsDependencies {
  readonly clock: Clock;
  readonly metrics: VerificationMetrics;
  readonly counts: RateLimitStore;
  readonly quotaCounters: QuotaCounters;
  /** Absent where another service has the keys. */
  readonly addressRefusals: AddressRefusals | undefined;
  readonly organizations: OrganizationRateLimit | undefined;
}

type LimitedKey = Pick<Caller['apiKey'], 'id' | 'rateLimit' | 'quota'>;

/**
 * The limits and networks of single keys. A request that is refused by any limit counts for none.
 */
export class KeyLimits {
  constructor(private readonly parts: KeyLimitsDependencies) {}

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
   * where the counts are not in this process.
   *
   * @returns what is left of the key's rate limit; undefined if it has none
   */
  spend(caller: Caller): RateWindowState | undefined | Promise<RateWindowState | undefined> {
    const { id, quota } = caller.apiKey;
    const at = this.parts.clock.now();
    const counter = quota ? this.parts.quotaCounters.counterOf(id, quota, at) : undefined;
    if (counter instanceof Promise) return counter.then((read) => this.spendAll(caller, read, this.parts.clock.now()));
    return this.spendAll(caller, counter, at);
  }

  private spendAll(
    { apiKey: { id, rateLimit, quota }, organization }: Caller,
    counter: QuotaCounter | undefined,
    at: Date,
  ): RateWindowState | undefined | Promise<RateWindowState | undefined> {
    const { organizations, counts } = this.parts;
    const used = quota && counter ? quotaState(counter, quota, at) : undefined;
    const isFree = used === undefined || used.remaining > 0;
    const windows = organizations ? [organizations.windowOf(organization.id)] : [];
    if (rateLimit) windows.push(keyWindow(id, rateLimit));
    const conclude = ({ refusedBy, states }: RateVerdict): RateWindowState | undefined => {
      if (refusedBy !== null)
        throw this.refusalBy(windows[refusedBy] as RateWindow, states[refusedBy] as RateWindowState);
      if (!isFree) throw this.refusal(used);
      return rateLimit ? states.at(-1) : undefined;
    };
    const verdict = counts.take(windows, isFree);
    if (verdict instanceof Promise) {
      if (isFree) counter?.reserve();
      return verdict.then((told) => {
        if (isFree) counter?.settle(told.refusedBy === null);
        return conclude(told);
      });
    }
    if (isFree && verdict.refusedBy === null) counter?.add();
    return conclude(verdict);
  }

  /**
   * Tells a client what is left to its key.
   *
   * @param left - what `spend` returned
   */
  headersFor({ id, rateLimit, quota }: LimitedKey, left: RateWindowState | undefined): Record<string, string> {
    const at = this.parts.clock.now();
    const states: LimitState[] = [];
    if (rateLimit && left) states.push(rateState(rateLimit, left));
    const counter = quota && this.parts.quotaCounters.counterOf(id, quota, at);
    // Where a period has just begun, it has to be read: then this answer does without.
    if (counter instanceof Promise) counter.catch(() => undefined);
    else if (counter) states.push(quotaState(counter, quota, at));
    if (states.length === 0) return {};
    const { left: remaining, policy } = describeLimits(states);
    // In lower case, which Fastify would have to make of them for each answer.
    return { ratelimit: remaining, 'ratelimit-policy': policy };
  }

  private refusalBy({ kind, limit, windowMs }: RateWindow, state: RateWindowState): ApiError {
    if (kind === 'organization' && this.parts.organizations) return this.parts.organizations.refusal(state.msUntilMore);
    return this.refusal(rateState({ requests: limit, seconds: windowMs / 1000 }, state));
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

function keyWindow(id: string, { requests, seconds }: RateLimit): RateWindow {
  return { kind: 'key', id, limit: requests, windowMs: seconds * 1000 };
}

function rateState({ requests, seconds }: RateLimit, state: RateWindowState): LimitState {
  return { name: 'key', limit: requests, seconds, ...state };
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
