import { type Caller, ListMembers } from '@feather-identity/core';
import { IgnoreExtra, Optional, RequestPipe } from '@feather-identity/shared-http';
import { Get, Query } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableString } from '../openapi-types.js';
import { DEFAULT_LIMIT, InvalidLimit, MAX_LIMIT } from '../page.query.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { QueryParameter } from '../query-parameter.decorator.js';
import { MEMBERS_READ } from '../scopes.js';
import { MEMBER_PAGE_EXAMPLE, MemberPage, toMemberPage } from './member.response.js';

/** Which members to list. Other parameters are ignored, as by the Feather API. */
@IgnoreExtra()
class MembersQuery {
  @Optional()
  @IsString()
  readonly role?: string;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @Optional()
  @IsString()
  readonly cursor?: string;
}

/** The members of the caller's organization. */
@IdentityController('org/members')
export class OwnMembersController {
  constructor(private readonly listMembers: ListMembers) {}

  @ProtectedOperation({
    operationId: 'listMembers',
    summary: 'List organization members',
    description: "The members of the calling key's organization, newest first, disabled ones too.",
    scopes: [MEMBERS_READ],
    refusals: { 400: { cursor_invalid: 'cursor must be one that this list has returned.' } },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: MemberPage, example: MEMBER_PAGE_EXAMPLE })
  @InvalidLimit()
  @ApiQuery({
    name: 'cursor',
    required: false,
    schema: { ...nullableString, title: 'Cursor', examples: [EXAMPLE.cursor] },
    description: 'Where the page begins: `next_cursor` of the previous page.',
  })
  @QueryParameter(
    'limit',
    { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT, title: 'Limit', examples: [20] },
    'The most members of a page.',
  )
  @ApiQuery({
    name: 'role',
    required: false,
    schema: { ...nullableString, title: 'Role', examples: [EXAMPLE.role] },
    description: 'Only members with exactly this role.',
  })
  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(MembersQuery)) { role, limit, cursor }: Readonly<MembersQuery>,
  ): Promise<MemberPage> {
    const wanted = { limit, cursor: cursor || undefined, role };
    return toMemberPage(await this.listMembers.execute(caller.organization.id, wanted));
  }
}
