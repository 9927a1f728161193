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

/** Ready-made, because each request with such a key needs them. */
const LEFT = { organization: '"organization";r=', key: '"key";r=', quota: '"quota";r=' } as const;

/**
 * The part of the header `RateLimit` that tells what is left of a limit.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function leftOf(state: LimitState): string {
  return `${LEFT[state.name]}${state.remaining};t=${secondsOf(state)}`;
}

/** The 429 of a limit that has been reached. Only it states the limit itself (ADR 38). */
export function limitReached(message: string, state: LimitState): ApiError {
  const headers = {
    RateLimit: leftOf(state),
    'RateLimit-Policy': `"${state.name}";q=${state.limit};w=${state.seconds}`,
  };
  return new ApiError({ status: 429, error: 'rate_limited', message, retryAfter: secondsOf(state), headers });
}

function secondsOf({ msUntilMore }: Pick<LimitState, 'msUntilMore'>): number {
  return Math.ceil(msUntilMore / 1000);
}
