import {
  type Actor,
  CreateMember,
  FindMember,
  FindOrganization,
  ListMembers,
  RemoveMember,
  UpdateMember,
} from '@feather-identity/core';
import { PathAndBody, RequestPipe } from '@feather-identity/shared-http';
import { Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import {
  MEMBER_EXAMPLE,
  MEMBER_PAGE_EXAMPLE,
  MemberPage,
  MemberResponse,
  toMemberPage,
  toMemberResponse,
} from '../../members/member.response.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { Invalid } from '../../protected-operation.decorator.js';
import { QueryParameter } from '../../query-parameter.decorator.js';
import { CurrentOperator } from '../operator-authentication.js';
import { OperatorController, OperatorOperation } from '../operator-controller.decorator.js';
import { PageParameters, InvalidLimit } from '../../page.query.js';
import { MemberIdParams, OrganizationIdParams } from '../operator.params.js';
import { MemberCreateRequest, MembersOfOrganizationQuery, MemberUpdateRequest } from './member.requests.js';

const NO_MEMBER = { no_such_member: 'No such member.' };
const NO_ORGANIZATION = { no_such_organization: 'No such organization.' };
const BAD_ID = {
  type: 'uuid_parsing',
  loc: ['path', 'member_id'],
  msg: 'Input should be a valid UUID, invalid length: expected length 32 for simple format, found 1',
  input: '7',
};

/** The members of any organization. */
@OperatorController('organizations/:organization_id/members')
export class MembersController {
  constructor(
    private readonly createMember: CreateMember,
    private readonly listMembers: ListMembers,
    private readonly findMember: FindMember,
    private readonly updateMember: UpdateMember,
    private readonly removeMember: RemoveMember,
    private readonly findOrganization: FindOrganization,
  ) {}

  @OperatorOperation({
    operationId: 'createMember',
    ids: ['organization_id'],
    summary: 'Add a member to an organization',
    description: 'The member has no key yet.',
    scope: 'members:manage',
    refusals: {
      404: NO_ORGANIZATION,
      409: { taken: 'The organization has a member with this external id.' },
      413: {},
    },
  })
  @ApiResponse({ status: 201, description: 'Created', type: MemberResponse, example: MEMBER_EXAMPLE })
  @ApiBody({
    type: MemberCreateRequest,
    examples: {
      person: {
        summary: 'A person',
        value: { external_id: 'user_2abd', email: EXAMPLE.email, display_name: EXAMPLE.displayName },
      },
    },
  })
  @Invalid({ type: 'missing', loc: ['body', 'external_id'], msg: 'Field required', input: {} })
  @Post()
  async create(
    @CurrentOperator() actor: Actor,
    @PathAndBody(OrganizationIdParams, MemberCreateRequest)
    [{ organization_id }, body]: readonly [OrganizationIdParams, MemberCreateRequest],
  ): Promise<MemberResponse> {
    const { external_id: externalId, email, display_name: displayName, role } = body;
    const request = { externalId, email, displayName, role };
    return toMemberResponse(await this.createMember.execute(organization_id, request, actor));
  }

  @OperatorOperation({
    operationId: 'listMembersOfOrganization',
    ids: ['organization_id'],
    summary: 'List the members of an organization, newest first',
    description: 'Disabled ones too.',
    scope: 'members:read',
    refusals: { 400: { cursor_invalid: 'cursor must be one that this list has returned.' }, 404: NO_ORGANIZATION },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: MemberPage, example: MEMBER_PAGE_EXAMPLE })
  @InvalidLimit()
  @PageParameters()
  @QueryParameter(
    'role',
    { title: 'Role', type: 'string', examples: [EXAMPLE.role] },
    'Only members with exactly this role.',
  )
  @QueryParameter(
    'external_id',
    { title: 'External Id', type: 'string', examples: ['user_2abc'] },
    'Only the member with this id in your identity provider.',
  )
  @Get()
  async list(
    @Param(new RequestPipe(OrganizationIdParams)) { organization_id }: Readonly<OrganizationIdParams>,
    @Query(new RequestPipe(MembersOfOrganizationQuery)) query: Readonly<MembersOfOrganizationQuery>,
  ): Promise<MemberPage> {
    const { limit, cursor, role, external_id: externalId } = query;
    await this.findOrganization.execute(organization_id);
    const wanted = { limit, cursor: cursor || undefined, role, externalId };
    return toMemberPage(await this.listMembers.execute(organization_id, wanted));
  }

  @OperatorOperation({
    operationId: 'getMember',
    ids: ['organization_id', 'member_id'],
    summary: 'Get a member of an organization',
    description: 'Shows one member.',
    scope: 'members:read',
    refusals: { 404: NO_MEMBER },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: MemberResponse, example: MEMBER_EXAMPLE })
  @Invalid(BAD_ID)
  @Get(':member_id')
  async find(
    @Param(new RequestPipe(MemberIdParams)) { organization_id, member_id }: Readonly<MemberIdParams>,
  ): Promise<MemberResponse> {
    return toMemberResponse(await this.findMember.execute(organization_id, member_id));
  }

  @OperatorOperation({
    operationId: 'updateMember',
    ids: ['organization_id', 'member_id'],
    summary: 'Change, disable or enable a member',
    description: 'Omitted fields stay unchanged. The keys of a disabled member are refused at once.',
    scope: 'members:manage',
    refusals: { 404: NO_MEMBER, 413: {} },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: MemberResponse, example: MEMBER_EXAMPLE })
  @ApiBody({
    type: MemberUpdateRequest,
    examples: {
      rename: { summary: 'Another name', value: { display_name: 'Ada Lovelace' } },
      disable: { summary: 'Refuse all of its keys', value: { is_active: false } },
    },
  })
  @Invalid(BAD_ID)
  @Patch(':member_id')
  async update(
    @CurrentOperator() actor: Actor,
    @PathAndBody(MemberIdParams, MemberUpdateRequest)
    [{ organization_id, member_id }, body]: readonly [MemberIdParams, MemberUpdateRequest],
  ): Promise<MemberResponse> {
    const { email, display_name: displayName, role, is_active: isActive } = body;
    const update = { email, displayName, role, isActive };
    return toMemberResponse(await this.updateMember.execute(organization_id, member_id, update, actor));
  }

  @OperatorOperation({
    operationId: 'removeMember',
    ids: ['organization_id', 'member_id'],
    summary: 'Remove a member with all of its keys',
    description: 'Its keys are refused at once. The audit log keeps what it says about them.',
    scope: 'members:manage',
    refusals: { 404: NO_MEMBER },
  })
  @ApiResponse({ status: 204, description: 'Successful Response' })
  @Invalid(BAD_ID)
  @HttpCode(204)
  @Delete(':member_id')
  remove(
    @CurrentOperator() actor: Actor,
    @Param(new RequestPipe(MemberIdParams)) { organization_id, member_id }: Readonly<MemberIdParams>,
  ): Promise<void> {
    return this.removeMember.execute(organization_id, member_id, actor);
  }
}
