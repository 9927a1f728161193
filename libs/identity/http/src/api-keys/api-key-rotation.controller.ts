import { type Authority, Clock, RotateApiKey } from '@feather-identity/core';
import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { CurrentAuthority } from '../authentication/current-authority.decorator.js';
import { type ClientRequest, hasClientGone } from '../client-request.js';
import { ApiKeyRotateRequest } from './api-key-rotate.request.js';
import { type ApiKeyRotateResponse, toApiKeyRotateResponse } from './api-key.response.js';
import { KeysApi, RotateOperation } from './api-keys.operations.js';
import { KeyIdParams } from './key-id.params.js';

/** New secrets for keys that exist. */
@KeysApi()
@Controller('v1/identity/api-keys/:key_id/rotate')
export class ApiKeyRotationController {
  constructor(
    private readonly rotateApiKey: RotateApiKey,
    private readonly clock: Clock,
  ) {}

  @RotateOperation()
  @HttpCode(200)
  @Post()
  async rotate(
    @CurrentAuthority() authority: Authority,
    @Param() { key_id }: KeyIdParams,
    @Body() { grace_period_seconds: graceSeconds }: ApiKeyRotateRequest,
    @Req() request: ClientRequest,
  ): Promise<ApiKeyRotateResponse> {
    const isAbandoned = () => hasClientGone(request);
    const { details, token } = await this.rotateApiKey.execute(authority, key_id, graceSeconds, isAbandoned);
    return toApiKeyRotateResponse(details, token, this.clock.now());
  }
}
