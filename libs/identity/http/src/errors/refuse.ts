import { IdentityError } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import type { HeaderResponse, NodeResponse } from '../header-response.js';
import type { Challenge } from './challenge.js';
import { toApiError } from './identity-error.mapper.js';

/**
 * Turns a refusal into an HttpException in the contract's words, for any application. Sets its headers on the response,
 * since Nest's own filter sends none. Any other error is returned as it is.
 */
export function refuse(response: HeaderResponse | NodeResponse, error: unknown, challenge?: Challenge): unknown {
  const answer = error instanceof IdentityError ? toApiError(error, challenge) : error;
  if (answer instanceof ApiError) setHeaders(response, answer.headers);
  return answer;
}

/** Sets headers of an answer in any application. */
export function setHeaders(response: HeaderResponse | NodeResponse, headers: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    if ('header' in response) response.header(name, value);
    else response.setHeader(name, value);
  }
}
