import { type Caller, CheckApiKey, Clock } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Body, Headers, Post, Req } from '@nestjs/common';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type ClientRequest, connectionSignal } from '../client-request.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_VERIFY } from '../scopes.js';
import {
  CHECK_REFUSALS,
  CheckOperation,
  CHECKS_NETWORKS,
  shownFrom,
  tooManyChecks,
} from './api-key-check.operation.js';
import { ApiKeyCheckRequest } from './api-key-check.request.js';
import { type ApiKeyCheckResponse, toApiKeyCheckResponse } from './api-key-check.response.js';

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
      'For services in any language that receive a key from a client. An invalid key is not an error: check ' +
      '`valid` in the response. 429 also if too many keys wait to be hashed.',
    scopes: [API_KEYS_VERIFY],
    refusals: CHECK_REFUSALS,
  })
  @CheckOperation()
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
