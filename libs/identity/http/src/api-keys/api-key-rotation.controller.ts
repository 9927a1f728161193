import { type Grantor, Clock, ReadUsage, RotateApiKey } from '@feather-identity/core';
import { PathAndBody } from '@feather-identity/shared-http';
import { HttpCode, Post, Req } from '@nestjs/common';
import { CurrentGrantor } from '../authentication/current-grantor.decorator.js';
import { type ClientRequest, connectionSignal } from '../client-request.js';
import { ApiKeyRotateRequest } from './api-key-rotate.request.js';
import { type ApiKeyRotateResponse, toApiKeyRotateResponse } from './api-key.response.js';
import { setChangedKey } from './changed-key.js';
import { RotateOperation } from './api-keys.operations.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { KeyIdParams } from './key-id.params.js';

/** New secrets for keys that exist. */
@IdentityController('api-keys/:key_id/rotate')
export class ApiKeyRotationController {
  constructor(
    private readonly rotateApiKey: RotateApiKey,
    private readonly readUsage: ReadUsage,
    private readonly clock: Clock,
  ) {}

  @RotateOperation()
  @HttpCode(200)
  @Post()
  async rotate(
    @CurrentGrantor() grantor: Grantor,
    @PathAndBody(KeyIdParams, ApiKeyRotateRequest)
    [{ key_id }, { grace_period_seconds: graceSeconds }]: readonly [KeyIdParams, ApiKeyRotateRequest],
    @Req() request: ClientRequest,
  ): Promise<ApiKeyRotateResponse> {
    const { details, token } = await this.rotateApiKey.execute(
      grantor,
      key_id,
      graceSeconds,
      connectionSignal(request),
    );
    setChangedKey(request, details.apiKey.id);
    const usage30d = await this.readUsage.recent(details.apiKey);
    return toApiKeyRotateResponse({ ...details, usage30d }, token, this.clock.now());
  }
}
