import { EndApiKeys, type Grantor } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { CurrentGrantor } from '../authentication/current-grantor.decorator.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_MANAGE } from '../scopes.js';
import { ApiKeysBulkRequest } from './api-keys-bulk.request.js';
import { ApiKeysBulkResponse, BULK_EXAMPLE } from './api-keys-bulk.response.js';

/** Changes of several keys at once. */
@IdentityController('api-keys/bulk')
export class ApiKeysBulkController {
  constructor(private readonly endApiKeys: EndApiKeys) {}

  @ProtectedOperation({
    operationId: 'bulkApiKeys',
    summary: 'Revoke or disable up to 500 API keys',
    description:
      'In one transaction, with one audit event for each key. Ids that are not found do not stop the others: the answer ' +
      'names them. The calling key may be among the keys.',
    scopes: [API_KEYS_MANAGE],
    refusals: { 413: {} },
  })
  @ApiBody({
    type: ApiKeysBulkRequest,
    examples: {
      revoke: { summary: 'Revoke two keys', value: { action: 'revoke', ids: [EXAMPLE.keyId, EXAMPLE.ownerKeyId] } },
      disable: { summary: 'Disable one', value: { action: 'disable', ids: [EXAMPLE.keyId] } },
    },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeysBulkResponse, example: BULK_EXAMPLE })
  @Invalid({
    type: 'literal_error',
    loc: ['body', 'action'],
    msg: "Input should be 'revoke' or 'disable'",
    input: 'delete',
    ctx: { expected: "'revoke' or 'disable'" },
  })
  @HttpCode(200)
  @Post()
  async end(
    @CurrentGrantor() { actor, member }: Grantor,
    @Body(new RequestPipe(ApiKeysBulkRequest)) { action, ids }: Readonly<ApiKeysBulkRequest>,
  ): Promise<ApiKeysBulkResponse> {
    const { ended, unchanged, notFound } = await this.endApiKeys.execute(member.organizationId, action, ids, actor);
    return { changed: ended, unchanged, not_found: notFound };
  }
}
