import type { IdentityError, IdentityErrorCode } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { challengeFor } from './challenge.js';

/** How a refusal of the core is answered. Without `message` the refusal's own, public text is used. */
interface Answer {
  readonly status: number;
  readonly error: string;
  readonly message?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Kept out of the error log: it comes in floods, when there is the least time to write stacks. */
  readonly quiet?: true;
}

const BAD_REQUEST: Answer = { status: 400, error: 'bad_request' };
const FORBIDDEN: Answer = { status: 403, error: 'permission_denied' };
const NOT_FOUND: Answer = { status: 404, error: 'not_found' };
const CONFLICT: Answer = { status: 409, error: 'conflict' };
const UNAVAILABLE: Answer = { status: 503, error: 'service_unavailable', retryAfter: 1 };

const DEFAULT_CHALLENGE = challengeFor({});

/** One answer for each code: a new code does not compile until it is mapped. */
const ANSWERS: Record<IdentityErrorCode, Answer> = {
  'address.not_allowed': { status: 403, error: 'address_not_allowed' },
  'authentication.required': { status: 401, error: 'authentication_required' },
  // Only a broken random source draws a taken public part twice in a row.
  'api_key.conflict': { status: 500, error: 'internal_error', message: 'The key could not be created.' },
  'api_key.description_invalid': BAD_REQUEST,
  'api_key.disabled': CONFLICT,
  'api_key.environment_not_held': FORBIDDEN,
  'api_key.expired': CONFLICT,
  'api_key.expiry_in_past': BAD_REQUEST,
  'api_key.import_invalid': BAD_REQUEST,
  'api_key.labels_invalid': BAD_REQUEST,
  'api_key.limit_exceeds_caller': FORBIDDEN,
  'api_key.limit_invalid': BAD_REQUEST,
  'api_key.limit_reached': CONFLICT,
  'api_key.locks_out': CONFLICT,
  'api_key.metadata_invalid': BAD_REQUEST,
  'api_key.name_invalid': BAD_REQUEST,
  'api_key.network_not_held': FORBIDDEN,
  'api_key.networks_invalid': BAD_REQUEST,
  'api_key.not_found': NOT_FOUND,
  'api_key.outlives_caller': FORBIDDEN,
  'api_key.policy_violated': BAD_REQUEST,
  'api_key.scope_invalid': BAD_REQUEST,
  'api_key.scope_not_held': FORBIDDEN,
  'api_key.scope_unknown': BAD_REQUEST,
  'api_key.secrets_exhausted': CONFLICT,
  'caller.changed': { status: 409, error: 'caller_changed' },
  'console_link.from_session': FORBIDDEN,
  'console_session.not_found': NOT_FOUND,
  'cursor.invalid': BAD_REQUEST,
  'hashing.overloaded': { ...UNAVAILABLE, quiet: true },
  'member.conflict': CONFLICT,
  'member.disabled': CONFLICT,
  'member.invalid': BAD_REQUEST,
  'member.not_found': NOT_FOUND,
  'organization.already_bootstrapped': CONFLICT,
  'organization.deletion_unconfirmed': CONFLICT,
  'organization.disabled': CONFLICT,
  'organization.name_invalid': BAD_REQUEST,
  'organization.not_found': NOT_FOUND,
  'permission.denied': FORBIDDEN,
  'policy.invalid': BAD_REQUEST,
  'storage.unavailable': UNAVAILABLE,
  'token.format_invalid': BAD_REQUEST,
  'token.taken': CONFLICT,
  'verification.unavailable': { ...UNAVAILABLE, quiet: true },
};

/**
 * The HTTP answer to a refusal.
 *
 * @param challenge - what a 401 says. Default: that the key is read from `x-api-key`
 */
export function toApiError(refusal: IdentityError, challenge = DEFAULT_CHALLENGE): ApiError {
  const { status, error, message = refusal.message, quiet, ...answer } = ANSWERS[refusal.code];
  const retryAfter = refusal.retryAfterSeconds ?? answer.retryAfter;
  return new ApiError({
    status,
    error,
    message,
    ...(quiet ? {} : { cause: refusal }),
    ...(status === 401 ? { message: challenge.message, headers: { 'WWW-Authenticate': challenge.schemes } } : {}),
    ...(retryAfter ? { retryAfter } : {}),
  });
}
