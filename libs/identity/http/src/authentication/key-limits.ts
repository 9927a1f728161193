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
import { leftOf, type LimitState, limitReached } from './limit-reached.js';
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
   * @returns what is left to the key, for the header `RateLimit`
   */
  spend(caller: Caller): string | Promise<string> {
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
  ): string | Promise<string> {
    const { organizations, counts } = this.parts;
    const isFree = !quota || counter === undefined || counter.used < quota.requests;
    const windows = organizations ? [organizations.windowOf(organization.id)] : [];
    if (rateLimit) windows.push(keyWindow(id, rateLimit));
    const conclude = ({ refusedBy, states }: RateVerdict): string => {
      if (refusedBy !== null)
        throw this.refusalBy(windows[refusedBy] as RateWindow, states[refusedBy] as RateWindowState);
      const left = rateLimit ? leftOf(rateState(rateLimit, states.at(-1) as RateWindowState)) : '';
      if (!quota || counter === undefined) return left;
      const state = quotaState(counter, quota, at);
      if (!isFree) throw this.refusal(state);
      return rateLimit ? `${left}, ${leftOf(state)}` : leftOf(state);
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

function rateState({ requests, seconds }: RateLimit, { remaining, msUntilMore }: RateWindowState): LimitState {
  return { name: 'key', limit: requests, seconds, remaining, msUntilMore };
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
