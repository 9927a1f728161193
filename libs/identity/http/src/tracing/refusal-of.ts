import { IdentityError, refusingCheckOf } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { toApiError } from '../errors/identity-error.mapper.js';

/**
 * What a span says of an error that is a refusal: the check that refused a key, else the code of the refusal. Undefined for
 * a fault, and for a refusal that only means that nobody could decide.
 */
export function refusalOf(error: unknown): string | undefined {
  const answer = error instanceof IdentityError ? toApiError(error) : error;
  if (!(answer instanceof ApiError) || answer.getStatus() >= 500) return undefined;
  if (error instanceof IdentityError) return refusingCheckOf(error) ?? error.code;
  return (answer.getResponse() as { readonly error: string }).error;
}
