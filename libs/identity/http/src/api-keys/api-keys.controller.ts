import {
  type Grantor,
  type Caller,
  Clock,
  FindApiKey,
  IssueApiKey,
  ListApiKeys,
  ReadUsage,
  RevokeApiKey,
  TokenFormat,
  UpdateApiKey,
  type WantedBounds,
} from '@feather-identity/core';
import { IgnoreExtra, PathAndBody, RequestPipe } from '@feather-identity/shared-http';
import {
  Body,
  Delete,
  Get,
  HttpCode,
  Inject,
  Logger,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { type ClientRequest, connectionSignal } from '../client-request.js';
import { CurrentGrantor } from '../authentication/current-grantor.decorator.js';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type HeaderResponse, nodeResponse } from '../header-response.js';
import { ApiKeyCreateRequest } from './api-key-create.request.js';
import { ApiKeyUpdateRequest } from './api-key-update.request.js';
import {
  type ApiKeyCreateResponse,
  type ApiKeyDetailResponse,
  type ApiKeyResponse,
  toApiKeyCreateResponse,
  toApiKeyDetailResponse,
  toListedApiKeyResponse,
  toListedApiKeyResponseOfAny,
} from './api-key.response.js';
import {
  CreateOperation,
  FindOperation,
  ListOperation,
  RevokeOperation,
  UpdateOperation,
} from './api-keys.operations.js';
import { setChangedKey } from './changed-key.js';
import { IGNORED_FIELDS, nameIgnoredFields } from './ignored-fields.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { IdentityModuleOptions } from '../identity.options.js';
import { ListScheduler } from '../listing/list-scheduler.js';
import { assertKeyPrefix, assertWholeKeyPrefix } from '../key-prefix.parameter.js';
import { KeyIdParams } from './key-id.params.js';
import { ListApiKeysQuery } from './list-api-keys.query.js';
import { LIVING_DESCENDANTS, nameLivingDescendants } from './living-descendants.js';
import { nextPageLink } from './next-page-link.js';
import { RevokeApiKeyQuery } from './revoke-api-key.query.js';

/** The keys of the caller's organization. */
@IdentityController('api-keys')
export class ApiKeysController {
  private readonly logger = new Logger(ApiKeysController.name);

  constructor(
    private readonly issueApiKey: IssueApiKey,
    private readonly listApiKeys: ListApiKeys,
    private readonly findApiKey: FindApiKey,
    private readonly updateApiKey: UpdateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly readUsage: ReadUsage,
    private readonly clock: Clock,
    private readonly lists: ListScheduler,
    private readonly tokenFormat: TokenFormat,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: IdentityModuleOptions,
  ) {}

  @CreateOperation()
  @IgnoreExtra()
  @Post()
  async create(
    @CurrentGrantor() grantor: Grantor,
    @Body(new RequestPipe(ApiKeyCreateRequest)) body: Readonly<ApiKeyCreateRequest>,
    @Req() request: ClientRequest,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<ApiKeyCreateResponse> {
    const { name, scopes, expires_at: expiresAt, description, labels, metadata } = body;
    const wanted = { name, scopes, expiresAt, description, labels, metadata, ...boundsIn(body) };
    const ignored = nameIgnoredFields(body);
    if (ignored !== null) response.header(IGNORED_FIELDS, ignored);
    const { apiKey, token } = await this.issueApiKey.execute(grantor, wanted, connectionSignal(request));
    setChangedKey(request, apiKey.id);
    if (ignored !== null)
      this.logger.warn(`API key ${apiKey.id} was created by a request with ignored fields: ${ignored}`);
    return toApiKeyCreateResponse(apiKey, token);
  }

  @ListOperation()
  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(ListApiKeysQuery)) query: Readonly<ListApiKeysQuery>,
    @Req() { url }: { readonly url: string },
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<ApiKeyResponse[] | StreamableFile> {
    const { limit, cursor, key_prefix: keyPrefix, include_revoked: includeRevoked = keyPrefix !== undefined } = query;
    const { created_by: createdBy, expires_before: expiresBefore } = query;
    const { q, label, status, unused_since: unusedSince, sort } = query;
    const filters = { includeRevoked, keyPrefix, createdBy, expiresBefore, label, status, unusedSince, sort };
    assertKeyPrefix(keyPrefix, this.tokenFormat);
    const ignored = nameIgnoredFields(query);
    if (ignored !== null) response.header(IGNORED_FIELDS, ignored);
    const organizationId = caller.organization.id;
    const answer = nodeResponse(response);
    await this.lists.admit(organizationId, answer);
    const wanted = { limit, cursor: cursor || undefined, nameBegins: q || undefined, ...filters };
    const list = await this.lists.part(async () => {
      const found = await this.listApiKeys.execute(organizationId, wanted);
      if (found.first.length === 0) assertWholeKeyPrefix(keyPrefix, this.tokenFormat);
      return found;
    });
    if (list.next !== null) response.header('Link', nextPageLink(url, list.next, this.options.publicUrl));
    const now = this.clock.now();
    const toItem = includeRevoked || status === 'revoked' ? toListedApiKeyResponseOfAny : toListedApiKeyResponse;
    return this.lists.send(answer, list, (apiKey) => toItem(apiKey, now));
  }

  @FindOperation()
  @Get(':key_id')
  async find(
    @CurrentCaller() caller: Caller,
    @Param(new RequestPipe(KeyIdParams)) { key_id }: Readonly<KeyIdParams>,
  ): Promise<ApiKeyDetailResponse> {
    return toApiKeyDetailResponse(await this.findApiKey.execute(caller.organization.id, key_id), this.clock.now());
  }

  @UpdateOperation()
  @Patch(':key_id')
  async update(
    @CurrentGrantor() grantor: Grantor,
    @PathAndBody(KeyIdParams, ApiKeyUpdateRequest)
    [{ key_id }, body]: readonly [KeyIdParams, ApiKeyUpdateRequest],
    @Req() request: object,
  ): Promise<ApiKeyDetailResponse> {
    const { name, scopes, expires_at: expiresAt, is_active: isActive, description, labels, metadata, confirm } = body;
    const notes = { description, labels, metadata };
    const update = { name, scopes, expiresAt, isActive, ...notes, ...boundsIn(body), confirm };
    const details = await this.updateApiKey.execute(grantor, key_id, update);
    setChangedKey(request, details.apiKey.id);
    const usage30d = await this.readUsage.recent(details.apiKey);
    return toApiKeyDetailResponse({ ...details, usage30d }, this.clock.now());
  }

  @RevokeOperation()
  @HttpCode(204)
  @Delete(':key_id')
  async revoke(
    @CurrentGrantor() { member, actor }: Grantor,
    @Param(new RequestPipe(KeyIdParams)) { key_id }: Readonly<KeyIdParams>,
    @Query(new RequestPipe(RevokeApiKeyQuery)) query: Readonly<RevokeApiKeyQuery>,
    @Req() request: object,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<void> {
    const ignored = nameIgnoredFields(query);
    if (ignored !== null) response.header(IGNORED_FIELDS, ignored);
    const { cascade } = query;
    const revocation = await this.revokeApiKey.execute(member.organizationId, key_id, actor, { cascade });
    setChangedKey(request, key_id);
    const living = nameLivingDescendants(revocation);
    if (living !== null) response.header(LIVING_DESCENDANTS, living);
  }
}

function boundsIn(body: Pick<ApiKeyUpdateRequest, 'rate_limit' | 'quota' | 'allowed_networks'>): WantedBounds {
  return { rateLimit: body.rate_limit, quota: body.quota, allowedNetworks: body.allowed_networks };
}
