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
 * @returns headers in lower case, which Fastify would have to make of them for each response
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function limitHeaders(limits: readonly LimitState[]): Record<'ratelimit' | 'ratelimit-policy', string> {
  let [left, policy] = ['', ''];
  for (const state of limits) {
    const comma = left === '' ? '' : ', ';
    left += `${comma}"${state.name}";r=${state.remaining};t=${secondsOf(state)}`;
    policy += `${comma}"${state.name}";q=${state.limit};w=${state.seconds}`;
  }
  return { ratelimit: left, 'ratelimit-policy': policy };
}

/** The 429 of a limit that has been reached. */
export function limitReached(message: string, limit: LimitState): ApiError {
  const { ratelimit, 'ratelimit-policy': policy } = limitHeaders([limit]);
  const headers = { RateLimit: ratelimit, 'RateLimit-Policy': policy };
  return new ApiError({ status: 429, error: 'rate_limited', message, retryAfter: secondsOf(limit), headers });
}

function secondsOf({ msUntilMore }: Pick<LimitState, 'msUntilMore'>): number {
  return Math.ceil(msUntilMore / 1000);
}
