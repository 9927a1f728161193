import { ApiError } from '@feather-identity/shared-http/errors';

/** A limit and its remainder. */
export interface LimitState {
  readonly name: 'organization' | 'key' | 'quota';
  readonly limit: number;
  /** The length of its window. */
  readonly seconds: number;
  readonly remaining: number;
  readonly msUntilMore: number;
}

/**
 * What a client is told of limits: what is left of them, and what they are.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function describeLimits(limits: readonly LimitState[]): { readonly left: string; readonly policy: string } {
  let [left, policy] = ['', ''];
  for (const state of limits) {
    const comma = left === '' ? '' : ', ';
    left += `${comma}"${state.name}";r=${state.remaining};t=${secondsOf(state)}`;
    policy += `${comma}"${state.name}";q=${state.limit};w=${state.seconds}`;
  }
  return { left, policy };
}

/** The 429 of a limit that has been reached. */
export function limitReached(message: string, limit: LimitState): ApiError {
  const { left, policy } = describeLimits([limit]);
  const headers = { RateLimit: left, 'RateLimit-Policy': policy };
  return new ApiError({ status: 429, error: 'rate_limited', message, retryAfter: secondsOf(limit), headers });
}

function secondsOf({ msUntilMore }: Pick<LimitState, 'msUntilMore'>): number {
  return Math.ceil(msUntilMore / 1000);
}
