import { describe, expect, it } from '@jest/globals';
import { IdentityError, type IdentityErrorCode } from '@feather-identity/core';
import { toApiError } from './identity-error.mapper.js';

/** Status and `error` of each code. */
const EXPECTED: Record<IdentityErrorCode, readonly [number, string]> = {
  'address.not_allowed': [403, 'address_not_allowed'],
  'authentication.required': [401, 'authentication_required'],
  'api_key.conflict': [500, 'internal_error'],
  'api_key.description_invalid': [400, 'bad_request'],
  'api_key.disabled': [409, 'conflict'],
  'api_key.environment_not_held': [403, 'permission_denied'],
  'api_key.expired': [409, 'conflict'],
  'api_key.expiry_in_past': [400, 'bad_request'],
  'api_key.import_invalid': [400, 'bad_request'],
  'api_key.limit_exceeds_caller': [403, 'permission_denied'],
  'api_key.limit_invalid': [400, 'bad_request'],
  'api_key.locks_out': [409, 'conflict'],
  'api_key.network_not_held': [403, 'permission_denied'],
  'api_key.networks_invalid': [400, 'bad_request'],
  'api_key.labels_invalid': [400, 'bad_request'],
  'api_key.limit_reached': [409, 'conflict'],
  'api_key.metadata_invalid': [400, 'bad_request'],
  'api_key.name_invalid': [400, 'bad_request'],
  'api_key.not_found': [404, 'not_found'],
  'api_key.outlives_caller': [403, 'permission_denied'],
  'api_key.policy_violated': [400, 'bad_request'],
  'api_key.scope_invalid': [400, 'bad_request'],
  'api_key.scope_not_held': [403, 'permission_denied'],
  'api_key.scope_unknown': [400, 'bad_request'],
  'api_key.secrets_exhausted': [409, 'conflict'],
  'caller.changed': [409, 'caller_changed'],
  'console_link.from_session': [403, 'permission_denied'],
  'console_session.not_found': [404, 'not_found'],
  'cursor.invalid': [400, 'bad_request'],
  'hashing.overloaded': [503, 'service_unavailable'],
  'member.conflict': [409, 'conflict'],
  'member.disabled': [409, 'conflict'],
  'member.invalid': [400, 'bad_request'],
  'member.not_found': [404, 'not_found'],
  'organization.already_bootstrapped': [409, 'conflict'],
  'organization.deletion_unconfirmed': [409, 'conflict'],
  'organization.disabled': [409, 'conflict'],
  'organization.name_invalid': [400, 'bad_request'],
  'organization.not_found': [404, 'not_found'],
  'permission.denied': [403, 'permission_denied'],
  'policy.invalid': [400, 'bad_request'],
  'storage.unavailable': [503, 'service_unavailable'],
  'token.format_invalid': [400, 'bad_request'],
  'token.taken': [409, 'conflict'],
  'verification.unavailable': [503, 'service_unavailable'],
};
const CODES = Object.keys(EXPECTED) as IdentityErrorCode[];
const refusal = (code: IdentityErrorCode) => new IdentityError(code, 'A public text.', { cause: new Error('hidden') });

describe('a refusal of the core', () => {
  it.each(CODES)('has one answer: %s', (code) => {
    const answer = toApiError(refusal(code));
    const [status, error] = EXPECTED[code];
    expect(answer.getStatus()).toBe(status);
    expect(answer.getResponse()).toMatchObject({ error });
    expect(answer.message).not.toContain('hidden');
  });

  it.each(CODES.filter((code) => !['authentication.required', 'api_key.conflict'].includes(code)))(
    'is told in its own words: %s',
    (code) => {
      expect(toApiError(refusal(code)).message).toBe('A public text.');
    },
  );

  it('names the scheme where a key is needed, and nowhere else', () => {
    expect(toApiError(refusal('authentication.required')).headers).toEqual({
      'WWW-Authenticate': 'ApiKey realm="identity"',
    });
    expect(toApiError(refusal('api_key.not_found')).headers).toEqual({});
  });

  it('may be tried again in a second when the service was overloaded, had no storage or no verdict, and only then', () => {
    const retryable = CODES.filter((code) => toApiError(refusal(code)).headers['Retry-After'] === '1');
    expect(retryable).toEqual(['hashing.overloaded', 'storage.unavailable', 'verification.unavailable']);
  });

  it('may be tried again when whoever refused says so', () => {
    const { headers } = toApiError(new IdentityError('verification.unavailable', 'Later.', { retryAfterSeconds: 7 }));
    expect(headers).toEqual({ 'Retry-After': '7' });
  });

  it('keeps its cause for the log, except where a flood of refusals would become one of stacks', () => {
    const error = refusal('storage.unavailable');
    expect(toApiError(error).cause).toBe(error);
    expect(toApiError(refusal('hashing.overloaded')).cause).toBeUndefined();
  });
});
