import {
  type Actor,
  CreateOrganization,
  DeleteOrganization,
  FindOrganization,
  ListOrganizations,
  UpdateOrganization,
} from '@feather-identity/core';
import { PathAndBody, RequestPipe, RequestValidationError } from '@feather-identity/shared-http';
import { Body, Delete, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { type ClientRequest, connectionSignal } from '../../client-request.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { Invalid } from '../../protected-operation.decorator.js';
import { QueryParameter } from '../../query-parameter.decorator.js';
import { CurrentOperator } from '../operator-authentication.js';
import { OperatorController, OperatorOperation } from '../operator-controller.decorator.js';
import { PageParameters, InvalidLimit } from '../../page.query.js';
import { OrganizationIdParams } from '../operator.params.js';
import {
  OrganizationCreateRequest,
  OrganizationDeleteBody,
  OrganizationDeleteQuery,
  OrganizationsQuery,
  OrganizationUpdateRequest,
} from './organization.requests.js';
import {
  ORGANIZATION_CREATE_EXAMPLE,
  ORGANIZATION_EXAMPLE,
  OrganizationCreateResponse,
  OrganizationDeleteResponse,
  OrganizationPage,
  OrganizationResponse,
  toOrganizationCreateResponse,
  toOrganizationDeleteResponse,
  toOrganizationPage,
  toOrganizationResponse,
} from './organization.response.js';

const NO_ORGANIZATION = { no_such_organization: 'No such organization.' };
const BAD_ID = {
  type: 'uuid_parsing',
  loc: ['path', 'organization_id'],
  msg: 'Input should be a valid UUID, invalid length: expected length 32 for simple format, found 1',
  input: '7',
};

/** The organizations of the installation. */
@OperatorController('organizations')
export class OrganizationsController {
  constructor(
    private readonly createOrganization: CreateOrganization,
    private readonly listOrganizations: ListOrganizations,
    private readonly findOrganization: FindOrganization,
    private readonly updateOrganization: UpdateOrganization,
    private readonly deleteOrganization: DeleteOrganization,
  ) {}

  @OperatorOperation({
    operationId: 'createOrganization',
    summary: 'Create an organization with its owner, and a first key in the same step',
    description:
      'All of it is stored in one transaction: a sign-up that fails leaves nothing. The first key may hold any ' +
      'scopes in ' +
      'its organization that the catalogue has, if there is one. Its `plain_text_key` is shown this once.',
    scope: 'organizations:manage',
    refusals: {
      400: {
        expired: 'expires_at must lie in the future.',
        scope_unknown: 'scopes[0] is not in the catalogue of scopes. Did you mean "orders:read"?',
      },
      413: {},
    },
  })
  @ApiResponse({
    status: 201,
    description: 'Created',
    type: OrganizationCreateResponse,
    example: ORGANIZATION_CREATE_EXAMPLE,
  })
  @ApiBody({
    type: OrganizationCreateRequest,
    examples: {
      with_first_key: {
        summary: 'A sign-up, with a first key that may do everything in the organization',
        value: {
          name: EXAMPLE.organizationName,
          owner_external_id: 'user_2abc',
          owner_email: EXAMPLE.email,
          owner_display_name: EXAMPLE.displayName,
          first_key_scopes: ['*'],
        },
      },
      without_key: { summary: 'Without a key', value: { name: EXAMPLE.organizationName } },
    },
  })
  @Invalid({ type: 'missing', loc: ['body', 'name'], msg: 'Field required', input: {} })
  @Post()
  async create(
    @CurrentOperator() actor: Actor,
    @Body(new RequestPipe(OrganizationCreateRequest)) body: Readonly<OrganizationCreateRequest>,
    @Req() request: ClientRequest,
  ): Promise<OrganizationCreateResponse> {
    const { name, first_key_scopes: scopes } = body;
    const { owner_external_id: externalId = 'owner', owner_email: email, owner_display_name: displayName } = body;
    const { first_key_name: keyName, first_key_expires_at: expiresAt } = body;
    if (scopes === undefined && (keyName !== undefined || expiresAt)) {
      // Without scopes there would be no key, which nobody who names one expects.
      const issue = { type: 'missing', loc: ['body', 'first_key_scopes'], msg: 'Field required' };
      throw new RequestValidationError([issue]);
    }
    const owner = { externalId, email, displayName };
    const firstKey = scopes === undefined ? null : { name: keyName, scopes, expiresAt };
    const signal = connectionSignal(request);
    return toOrganizationCreateResponse(await this.createOrganization.signUp({ name, owner, firstKey }, actor, signal));
  }

  @OperatorOperation({
    operationId: 'listOrganizations',
    summary: 'List organizations, newest first',
    description: 'With `search`, only those whose name contains a text.',
    scope: 'organizations:read',
    refusals: { 400: { cursor_invalid: 'cursor must be one that this list has returned.' } },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: OrganizationPage,
    example: { items: [ORGANIZATION_EXAMPLE], has_more: true, next_cursor: EXAMPLE.cursor },
  })
  @InvalidLimit()
  @PageParameters()
  @QueryParameter(
    'search',
    { title: 'Search', type: 'string', examples: ['acme'] },
    'Only organizations whose name contains this text. Upper and lower case of A to Z are the same.',
  )
  @Get()
  async list(
    @Query(new RequestPipe(OrganizationsQuery)) { limit, cursor, search }: Readonly<OrganizationsQuery>,
  ): Promise<OrganizationPage> {
    const wanted = { limit, cursor: cursor || undefined, search: search || undefined };
    return toOrganizationPage(await this.listOrganizations.page(wanted));
  }

  @OperatorOperation({
    operationId: 'getOrganization',
    ids: ['organization_id'],
    summary: 'Get an organization',
    description: 'Shows one organization.',
    scope: 'organizations:read',
    refusals: { 404: NO_ORGANIZATION },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: OrganizationResponse,
    example: ORGANIZATION_EXAMPLE,
  })
  @Invalid(BAD_ID)
  @Get(':organization_id')
  async find(
    @Param(new RequestPipe(OrganizationIdParams)) { organization_id }: Readonly<OrganizationIdParams>,
  ): Promise<OrganizationResponse> {
    return toOrganizationResponse(await this.findOrganization.execute(organization_id));
  }

  @OperatorOperation({
    operationId: 'updateOrganization',
    ids: ['organization_id'],
    summary: 'Rename, disable or enable an organization',
    description: 'Omitted fields stay unchanged.',
    scope: 'organizations:manage',
    refusals: { 404: NO_ORGANIZATION, 413: {} },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: OrganizationResponse,
    example: ORGANIZATION_EXAMPLE,
  })
  @ApiBody({
    type: OrganizationUpdateRequest,
    examples: {
      rename: { summary: 'Another name', value: { name: 'Acme Ltd' } },
      disable: { summary: 'Refuse all of its keys', value: { is_active: false } },
    },
  })
  @Invalid(BAD_ID)
  @Patch(':organization_id')
  async update(
    @CurrentOperator() actor: Actor,
    @PathAndBody(OrganizationIdParams, OrganizationUpdateRequest)
    [{ organization_id }, { name, is_active: isActive }]: readonly [OrganizationIdParams, OrganizationUpdateRequest],
  ): Promise<OrganizationResponse> {
    return toOrganizationResponse(await this.updateOrganization.execute(organization_id, { name, isActive }, actor));
  }

  @OperatorOperation({
    operationId: 'deleteOrganization',
    ids: ['organization_id'],
    summary: 'Delete an organization with its members and keys, when asked twice',
    description:
      'The first request, without `confirm`, deletes nothing: it counts what would be deleted, and answers the ' +
      'value of ' +
      '`confirm` for the second one. If anything was added or removed meanwhile, that value is refused with 409. ' +
      'The audit ' +
      'log is kept. A body is refused: `confirm` belongs in the query. Look at `deleted` of the answer.',
    scope: 'organizations:manage',
    refusals: {
      404: NO_ORGANIZATION,
      409: {
        unconfirmed:
          'This does not confirm what would be deleted now. Send DELETE without `confirm`, check the counts, and use ' +
          'the new value.',
      },
    },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: OrganizationDeleteResponse,
    examples: {
      planned: {
        summary: 'Asked once: nothing is deleted yet',
        value: { deleted: false, members: 3, api_keys: 12, confirm: EXAMPLE.confirmation },
      },
      deleted: { summary: 'Confirmed', value: { deleted: true, members: 3, api_keys: 12, confirm: null } },
    },
  })
  @Invalid(BAD_ID)
  @QueryParameter(
    'confirm',
    { title: 'Confirm', type: 'string', examples: [EXAMPLE.confirmation] },
    '`confirm` of the first answer.',
  )
  @Delete(':organization_id')
  async delete(
    @CurrentOperator() actor: Actor,
    @PathAndBody(OrganizationIdParams, OrganizationDeleteBody)
    [{ organization_id }]: readonly [OrganizationIdParams, OrganizationDeleteBody],
    @Query(new RequestPipe(OrganizationDeleteQuery)) { confirm }: Readonly<OrganizationDeleteQuery>,
  ): Promise<OrganizationDeleteResponse> {
    if (confirm === undefined) {
      const { contents, confirmation } = await this.deleteOrganization.plan(organization_id);
      return toOrganizationDeleteResponse(contents, confirmation);
    }
    return toOrganizationDeleteResponse(await this.deleteOrganization.execute(organization_id, confirm, actor), null);
  }
}
