import {
  type Actor,
  CheckApiKey,
  Clock,
  FindOrganization,
  ListApiKeys,
  ManageOperatorKeys,
  type OperatorKey,
  ReadUsage,
  type RecentUsage,
  RevokeApiKey,
  TokenFormat,
  TraceApiKey,
  type TracedApiKey,
} from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Body, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ApiKeyCheckRequest } from '../../api-key-check/api-key-check.request.js';
import { type ApiKeyCheckResponse, toApiKeyCheckResponse } from '../../api-key-check/api-key-check.response.js';
import {
  CHECK_REFUSALS,
  CheckOperation,
  CHECKS_NETWORKS,
  shownFrom,
  tooManyChecks,
} from '../../api-key-check/api-key-check.operation.js';
import { RevokedResponse } from '../../api-keys/api-keys.operations.js';
import { LIVING_DESCENDANTS, nameLivingDescendants } from '../../api-keys/living-descendants.js';
import { RevokeApiKeyParameters } from '../../api-keys/revoke-api-key.query.js';
import { type ClientRequest, connectionSignal } from '../../client-request.js';
import type { HeaderResponse } from '../../header-response.js';
import { assertKeyPrefix, assertWholeKeyPrefix, KEY_PREFIX_SCHEMA } from '../../key-prefix.parameter.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { Invalid } from '../../protected-operation.decorator.js';
import { QueryParameter } from '../../query-parameter.decorator.js';
import { CurrentOperator } from '../operator-authentication.js';
import { OperatorController, OperatorOperation } from '../operator-controller.decorator.js';
import { PageParameters, InvalidLimit } from '../../page.query.js';
import { OrganizationIdParams, OrganizationKeyIdParams } from '../operator.params.js';
import {
  FindApiKeyRequest,
  KeyPrefixQuery,
  KeysOfOrganizationQuery,
  MAX_KEYS_OF_PAGE,
  RevokeKeyQuery,
} from './api-key.requests.js';
import {
  API_KEY_PAGE_EXAMPLE,
  ApiKeyPage,
  FOUND_EXAMPLE,
  FoundApiKeys,
  toApiKeyPage,
  toFoundApiKeys,
} from './found-api-key.response.js';

const BAD_ID = {
  type: 'uuid_parsing',
  loc: ['path', 'organization_id'],
  msg: 'Input should be a valid UUID, invalid length: expected length 32 for simple format, found 1',
  input: '7',
};

/** Keys of all organizations. */
@OperatorController('api-keys')
export class OperatorApiKeysController {
  constructor(
    private readonly traceApiKey: TraceApiKey,
    private readonly manageOperatorKeys: ManageOperatorKeys,
    private readonly checkApiKey: CheckApiKey,
    private readonly readUsage: ReadUsage,
    private readonly clock: Clock,
    private readonly tokenFormat: TokenFormat,
  ) {}

  @OperatorOperation({
    operationId: 'findApiKeyByPrefix',
    summary: 'Find the key of any organization that has or had a secret with this key_prefix',
    description: 'In any state.',
    scope: 'api_keys:read',
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: FoundApiKeys, example: FOUND_EXAMPLE })
  @Invalid({ type: 'missing', loc: ['query', 'key_prefix'], msg: 'Field required', input: null })
  @ApiQuery({
    name: 'key_prefix',
    required: true,
    schema: KEY_PREFIX_SCHEMA,
    description:
      'The beginning of a token. More of it is refused: it belongs in the body of `POST .../find`. Less of it is ' +
      'refused, too, unless an imported key has it.',
  })
  @Get()
  async findByPrefix(
    @Query(new RequestPipe(KeyPrefixQuery)) { key_prefix: keyPrefix }: Readonly<KeyPrefixQuery>,
  ): Promise<FoundApiKeys> {
    assertKeyPrefix(keyPrefix, this.tokenFormat);
    const operatorKey = await this.manageOperatorKeys.findLeaked(keyPrefix);
    const found = await this.traceApiKey.byPrefix(keyPrefix);
    if (found.length === 0) assertWholeKeyPrefix(keyPrefix, this.tokenFormat);
    return this.shown(found, operatorKey);
  }

  @OperatorOperation({
    operationId: 'findApiKeyByToken',
    summary: 'Find the key of any organization that a leaked token belongs to',
    description:
      'In any state. Says whether the whole token matches; this does not count as a use of the key. Of an operator ' +
      'key it tells which one begins like that, as `operator_key`, and compares no more of it.',
    scope: 'api_keys:read',
    refusals: { 413: {}, 429: { overloaded: 'The service has too many keys to check. Try again shortly.' } },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: FoundApiKeys, example: FOUND_EXAMPLE })
  @ApiBody({
    type: FindApiKeyRequest,
    examples: { leaked: { summary: 'A token from a log', value: { token: EXAMPLE.plainText } } },
  })
  @Invalid({ type: 'missing', loc: ['body', 'token'], msg: 'Field required' })
  @HttpCode(200)
  @Post('find')
  async findByToken(
    @Body(new RequestPipe(FindApiKeyRequest)) { token }: Readonly<FindApiKeyRequest>,
  ): Promise<FoundApiKeys> {
    const found = await this.traceApiKey.byToken(token).catch(tooManyChecks);
    return this.shown(found, await this.manageOperatorKeys.findLeaked(token));
  }

  @OperatorOperation({
    operationId: 'verifyApiKeyOfAnyOrganization',
    summary: 'Verify a key of any organization, and that it holds scopes',
    description:
      'For services that serve all organizations and receive a key from a client. An invalid key is not an error: ' +
      'check `valid` in the response. `organization_id` says whose key it is.',
    scope: 'api_keys:verify',
    refusals: CHECK_REFUSALS,
  })
  @CheckOperation()
  @Post('verify')
  async verify(
    @Body(new RequestPipe(ApiKeyCheckRequest)) body: Readonly<ApiKeyCheckRequest>,
    @Req() request: ClientRequest & { readonly id?: unknown },
    @Headers(CHECKS_NETWORKS) checksNetworks?: string,
  ): Promise<ApiKeyCheckResponse> {
    const from = shownFrom(body, request, checksNetworks);
    const checked = await this.checkApiKey
      .execute(null, body.key, body.scopes, connectionSignal(request), from)
      .catch(tooManyChecks);
    return toApiKeyCheckResponse(checked, this.clock.now());
  }

  private async shown(found: readonly TracedApiKey[], operatorKey: OperatorKey | null): Promise<FoundApiKeys> {
    const usages = new Map<string, RecentUsage>();
    for (const { apiKey } of found) usages.set(apiKey.id, await this.readUsage.recent(apiKey));
    return toFoundApiKeys(found, usages, operatorKey, this.clock.now());
  }
}

/** The keys of one organization, whichever it is. */
@OperatorController('organizations/:organization_id/api-keys')
export class OrganizationApiKeysController {
  constructor(
    private readonly findOrganization: FindOrganization,
    private readonly listApiKeys: ListApiKeys,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly clock: Clock,
  ) {}

  @OperatorOperation({
    operationId: 'listApiKeysOfOrganization',
    ids: ['organization_id'],
    summary: 'List the keys of an organization, newest first',
    description:
      'In pages, with `next_cursor` in the body instead of a `Link` header. It has none of the filters and orders ' +
      'of `listApiKeys`.',
    scope: 'api_keys:read',
    refusals: {
      400: { cursor_invalid: 'cursor must be one that this list has returned.' },
      404: { no_such_organization: 'No such organization.' },
    },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: ApiKeyPage, example: API_KEY_PAGE_EXAMPLE })
  @InvalidLimit(MAX_KEYS_OF_PAGE)
  @PageParameters(MAX_KEYS_OF_PAGE)
  @QueryParameter(
    'include_revoked',
    { title: 'Include Revoked', default: false, type: 'boolean', examples: [true] },
    'Whether to list revoked keys too.',
  )
  @Get()
  async list(
    @Param(new RequestPipe(OrganizationIdParams)) { organization_id }: Readonly<OrganizationIdParams>,
    @Query(new RequestPipe(KeysOfOrganizationQuery)) query: Readonly<KeysOfOrganizationQuery>,
  ): Promise<ApiKeyPage> {
    const { limit, cursor, include_revoked: includeRevoked } = query;
    await this.findOrganization.execute(organization_id);
    const wanted = { limit, cursor: cursor || undefined, includeRevoked };
    const { first, next } = await this.listApiKeys.execute(organization_id, wanted);
    return toApiKeyPage(first, next, this.clock.now());
  }

  @OperatorOperation({
    operationId: 'revokeApiKeyOfOrganization',
    ids: ['organization_id', 'key_id'],
    summary: 'Revoke a key of an organization',
    description:
      'The key is refused permanently, from the next request on. The keys that it has created stay valid, and ' +
      '`X-Living-Descendants` counts them, unless they are revoked with it.',
    scope: 'api_keys:manage',
    refusals: { 404: { no_such_key: 'No such API key.' } },
  })
  @RevokedResponse()
  @RevokeApiKeyParameters()
  @Invalid(BAD_ID)
  @HttpCode(204)
  @Delete(':key_id')
  async revoke(
    @CurrentOperator() actor: Actor,
    @Param(new RequestPipe(OrganizationKeyIdParams))
    { organization_id, key_id }: Readonly<OrganizationKeyIdParams>,
    @Query(new RequestPipe(RevokeKeyQuery)) { cascade }: Readonly<RevokeKeyQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<void> {
    const revocation = await this.revokeApiKey.execute(organization_id, key_id, actor, { cascade });
    const living = nameLivingDescendants(revocation);
    if (living !== null) response.header(LIVING_DESCENDANTS, living);
  }
}
