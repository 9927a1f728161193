import { IdentityError } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { type HeaderResponse, type NodeResponse, setHeader } from '../header-response.js';
import type { Challenge } from './challenge.js';
import { toApiError } from './identity-error.mapper.js';

/**
 * Turns a refusal into an HttpException in the contract's words, for any application. Sets its headers on the response,
 * since Nest's own filter sends none. Any other error is returned as it is.
 */
export function refuse(response: HeaderResponse | NodeResponse, error: unknown, challenge?: Challenge): unknown {
  const answer = error instanceof IdentityError ? toApiError(error, challenge) : error;
  if (answer instanceof ApiError) {
    for (const [name, value] of Object.entries(answer.headers)) setHeader(response, name, value);
  }
  return answer;
}
