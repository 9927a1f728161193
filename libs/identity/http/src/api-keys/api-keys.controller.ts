import { type Caller, Clock, IssueApiKey, ListApiKeys, RevokeApiKey } from '@feather-identity/core';
import { ErrorResponse, HTTPValidationError } from '@feather-identity/shared-http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiParam, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type ClientRequest, hasClientGone } from '../client-request.js';
import { ApiProtectedOperation } from '../openapi-responses.decorator.js';
import { ApiKeyCreateRequest } from './api-key-create.request.js';
import { ApiKeyCreateResponse, ApiKeyResponse, toApiKeyCreateResponse, toApiKeyResponse } from './api-key.response.js';
import { KeyIdParams } from './key-id.params.js';

/** The keys of the caller's organization. */
@ApiTags('identity')
@ApiExtraModels(ApiKeyResponse)
@Controller('v1/identity/api-keys')
export class ApiKeysController {
  constructor(
    private readonly issueApiKey: IssueApiKey,
    private readonly listApiKeys: ListApiKeys,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly clock: Clock,
  ) {}

  @ApiOperation({
    operationId: 'createApiKey',
    summary: 'Create an API key. The plain-text key is returned exactly once.',
  })
  @ApiResponse({ status: 201, description: 'Successful Response', type: ApiKeyCreateResponse })
  @ApiResponse({ status: 403, description: 'Permission denied', type: ErrorResponse })
  @ApiResponse({ status: 413, description: 'Payload too large', type: ErrorResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ApiProtectedOperation()
  @Post()
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: ApiKeyCreateRequest,
    @Req() request: ClientRequest,
  ): Promise<ApiKeyCreateResponse> {
    const { name, scopes, expires_at: expiresAt } = body;
    const isAbandoned = () => hasClientGone(request);
    const { apiKey, token } = await this.issueApiKey.execute(caller, { name, scopes, expiresAt }, isAbandoned);
    return toApiKeyCreateResponse(apiKey, token);
  }

  @ApiOperation({ operationId: 'listApiKeys', summary: 'List API keys for the current organization' })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    schema: { type: 'array', items: { $ref: getSchemaPath(ApiKeyResponse) }, title: 'Response Listapikeys' },
  })
  @ApiProtectedOperation()
  @Get()
  async list(@CurrentCaller() caller: Caller): Promise<ApiKeyResponse[]> {
    const apiKeys = await this.listApiKeys.execute(caller.organization.id);
    const now = this.clock.now();
    return apiKeys.map((apiKey) => toApiKeyResponse(apiKey, now));
  }

  @ApiOperation({ operationId: 'revokeApiKey', summary: 'Revoke an API key' })
  @ApiParam({ name: 'key_id', schema: { type: 'string', format: 'uuid', title: 'Key Id' } })
  @ApiResponse({ status: 204, description: 'Successful Response' })
  @ApiResponse({ status: 404, description: 'Resource not found', type: ErrorResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ApiProtectedOperation()
  @HttpCode(204)
  @Delete(':key_id')
  revoke(@CurrentCaller() caller: Caller, @Param() { key_id }: KeyIdParams): Promise<void> {
    return this.revokeApiKey.execute(caller.organization.id, key_id);
  }
}
