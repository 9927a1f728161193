import { type Caller, CheckApiKey, Clock, IdentityError } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Body, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type ClientRequest, connectionSignal } from '../client-request.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_VERIFY } from '../scopes.js';
import { ApiKeyCheckRequest } from './api-key-check.request.js';
import {
  ApiKeyCheckResponse,
  INVALID_EXAMPLE,
  toApiKeyCheckResponse,
  VALID_EXAMPLE,
} from './api-key-check.response.js';
import { CHECKS_NETWORKS, ChecksNetworksHeader, shownFrom } from './shown-from.js';

/** Checks keys for services in any language. */
@IdentityController('api-keys/verify', 'verification')
export class ApiKeyCheckController {
  constructor(
    private readonly checkApiKey: CheckApiKey,
    private readonly clock: Clock,
  ) {}

  @ProtectedOperation({
    operationId: 'verifyApiKey',
    summary: "Verify a key of the caller's organization, and that it holds scopes",
    description:
      'For services in any language, to which a client has shown a key. A key that is not valid is an answer and no ' +
      'error: look at `valid`. 429 also if too many keys wait to be hashed.',
    scopes: [API_KEYS_VERIFY],
    refusals: {
      400: { scope_invalid: 'At most 100 scopes can be required, not 101.' },
      413: {},
      429: { overloaded: 'The service has too many keys to check. Try again shortly.' },
    },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: ApiKeyCheckResponse,
    examples: {
      valid: { summary: 'The key may make the request', value: VALID_EXAMPLE },
      scope_missing: { summary: 'The key lacks a scope', value: INVALID_EXAMPLE },
      not_found: { summary: 'No such key', value: { valid: false, reason: 'not_found' } },
    },
  })
  @ApiBody({
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
  })
  @ChecksNetworksHeader()
  @Invalid({ type: 'missing', loc: ['body', 'key'], msg: 'Field required' })
  @HttpCode(200)
  @Post()
  async check(
    @CurrentCaller() caller: Caller,
    @Body(new RequestPipe(ApiKeyCheckRequest)) body: Readonly<ApiKeyCheckRequest>,
    @Req() request: ClientRequest & { readonly id?: unknown },
    @Headers(CHECKS_NETWORKS) checksNetworks?: string,
  ): Promise<ApiKeyCheckResponse> {
    const from = shownFrom(body, request, checksNetworks);
    const checked = await this.checkApiKey
      .execute(caller.organization.id, body.key, body.scopes, connectionSignal(request), from)
      .catch(tooManyChecks);
    return toApiKeyCheckResponse(checked, this.clock.now());
  }
}

/** Anyone can cause this by sending keys. As a 503 it would tell services that no key at all can be checked. */
export function tooManyChecks(error: unknown): never {
  if (!(error instanceof IdentityError) || error.code !== 'hashing.overloaded') throw error;
  throw new ApiError({ status: 429, error: 'rate_limited', message: error.message, retryAfter: 1 });
}
