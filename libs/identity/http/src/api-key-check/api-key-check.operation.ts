import { isIP } from 'node:net';
import { IdentityError, type ShownFrom } from '@feather-identity/core';
import { RequestValidationError } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiResponse } from '@nestjs/swagger';
import { requestIdOf } from '../authentication/guarded-request.js';
import type { ClientRequest } from '../client-request.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid } from '../protected-operation.decorator.js';
import { ApiKeyCheckRequest } from './api-key-check.request.js';
import { ApiKeyCheckResponse, INVALID_EXAMPLE, VALID_EXAMPLE } from './api-key-check.response.js';

/** By which a service says that it checks the networks of a key itself. */
export const CHECKS_NETWORKS = 'x-checks-networks';

/** The refusals of an operation that verifies a key. */
export const CHECK_REFUSALS = {
  400: { scope_invalid: 'At most 100 scopes can be required, not 101.' },
  413: {},
  429: { overloaded: 'The service has too many keys to check. Try again shortly.' },
};

/** Documents the request and the answers of an operation that verifies a key. */
export function CheckOperation(): MethodDecorator {
  return applyDecorators(
    ApiResponse({
      status: 200,
      description: 'Successful Response',
      type: ApiKeyCheckResponse,
      examples: {
        valid: { summary: 'The key may make the request', value: VALID_EXAMPLE },
        scope_missing: { summary: 'The key lacks a scope', value: INVALID_EXAMPLE },
        not_found: { summary: 'No such key', value: { valid: false, reason: 'not_found' } },
      },
    }),
    ApiBody({
      type: ApiKeyCheckRequest,
      examples: {
        with_scopes: {
          summary: 'May the key read orders?',
          value: { key: EXAMPLE.plainText, scopes: EXAMPLE.permissions },
        },
        with_address: {
          summary: 'May the key read orders, from the address of its client?',
          value: { key: EXAMPLE.plainText, scopes: EXAMPLE.permissions, address: EXAMPLE.address },
        },
        any_key: { summary: 'Is the key valid?', value: { key: EXAMPLE.plainText } },
      },
    }),
    ApiHeader({
      name: CHECKS_NETWORKS,
      description:
        '`true` if you check `allowed_networks` of the key yourself, for instance because you keep the answer for ' +
        'requests from several addresses. Then `address` does not matter.',
      required: false,
      schema: { type: 'string', title: 'X-Checks-Networks', enum: ['true'], examples: ['true'] },
    }),
    Invalid({ type: 'missing', loc: ['body', 'key'], msg: 'Field required' }),
    HttpCode(200),
  );
}

/** From where a client has shown the key that a service asks about. Throws 422 for an address that is none. */
export function shownFrom(
  { address }: Pick<ApiKeyCheckRequest, 'address'>,
  request: ClientRequest & { readonly id?: unknown },
  checksNetworks: string | undefined,
): ShownFrom {
  if (address !== null && isIP(address) === 0) {
    const msg = 'value is not a valid IPv4 or IPv6 address';
    // Without what was sent: it may be the key in the wrong field.
    throw new RequestValidationError([{ type: 'ip_any_address', loc: ['body', 'address'], msg }]);
  }
  return { address, isCheckedElsewhere: checksNetworks === 'true', requestId: requestIdOf(request) };
}

/** Anyone can cause this by sending keys. As a 503 it would tell services that no key at all can be checked. */
export function tooManyChecks(error: unknown): never {
  if (!(error instanceof IdentityError) || error.code !== 'hashing.overloaded') throw error;
  throw new ApiError({ status: 429, error: 'rate_limited', message: error.message, retryAfter: 1 });
}
