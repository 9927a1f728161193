import { type Caller, CheckApiKey, Clock, IdentityError } from '@feather-identity/core';
import { ErrorResponse, HTTPValidationError, RequestPipe } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Body, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type ClientRequest, connectionSignal } from '../client-request.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_VERIFY } from '../scopes.js';
import { ApiKeyCheckRequest } from './api-key-check.request.js';
import { ApiKeyCheckResponse, toApiKeyCheckResponse } from './api-key-check.response.js';

/** Checks keys for services in any language. */
@IdentityController('api-keys/verify')
export class ApiKeyCheckController {
  constructor(
    private readonly checkApiKey: CheckApiKey,
    private readonly clock: Clock,
  ) {}

  @ApiOperation({
    operationId: 'verifyApiKey',
    summary: "Verify a key of the caller's organization, and that it holds scopes",
    description:
      'A key that is not valid is an answer and no error: look at `valid`. 429 also where too many keys wait to be hashed.',
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeyCheckResponse })
  @ApiResponse({ status: 413, description: 'Payload too large', type: ErrorResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ApiBody({ type: ApiKeyCheckRequest })
  @ProtectedOperation(API_KEYS_VERIFY)
  @HttpCode(200)
  @Post()
  async check(
    @CurrentCaller() caller: Caller,
    @Body(new RequestPipe(ApiKeyCheckRequest)) body: Readonly<ApiKeyCheckRequest>,
    @Req() request: ClientRequest,
  ): Promise<ApiKeyCheckResponse> {
    const checked = await this.checkApiKey
      .execute(caller.organization.id, body.key, body.scopes, connectionSignal(request))
      .catch(tooManyChecks);
    return toApiKeyCheckResponse(checked, this.clock.now());
  }
}

/** Anyone can cause this by sending keys. As a 503 it would tell services that no key at all can be checked. */
function tooManyChecks(error: unknown): never {
  if (!(error instanceof IdentityError) || error.code !== 'hashing.overloaded') throw error;
  throw new ApiError({ status: 429, error: 'rate_limited', message: error.message, retryAfter: 1 });
}
