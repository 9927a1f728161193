import type { ListedMember, Page } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableString } from '../openapi-types.js';
import { hasMoreProperty, nextCursorProperty } from '../page.query.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** A member, as the contract shows it. */
@ApiTitledSchema(
  'OrgMemberResponse',
  'A member of an organization. While it is not active, all of its keys are refused.',
)
export class MemberResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the member.',
    examples: [EXAMPLE.memberId],
  })
  readonly id!: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Organization Id',
    description: 'The organization to which it belongs.',
    examples: [EXAMPLE.organizationId],
  })
  readonly organization_id!: string;
  @ApiProperty({
    type: 'string',
    title: 'Clerk User Id',
    description: 'Its id in the identity provider, whichever that is.',
    examples: [EXAMPLE.externalId],
  })
  readonly clerk_user_id!: string;
  @ApiProperty({ type: 'string', title: 'Role', description: 'Its role.', examples: [EXAMPLE.role] })
  readonly role!: string;
  @ApiProperty({
    ...nullableString,
    title: 'Display Name',
    description: 'What people call it. Null: nobody said.',
    examples: [EXAMPLE.displayName],
  })
  readonly display_name!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'Email',
    description: 'Its address. Null: nobody said.',
    examples: [EXAMPLE.email],
  })
  readonly email!: string | null;
  @ApiProperty({
    type: 'boolean',
    title: 'Is Active',
    description: 'Whether its keys are accepted.',
    examples: [true],
  })
  readonly is_active!: boolean;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Created At',
    description: 'When it was added.',
    examples: [EXAMPLE.createdAt],
  })
  readonly created_at!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Updated At',
    description: 'When it was last changed.',
    examples: [EXAMPLE.createdAt],
  })
  readonly updated_at!: string;
}

/** A page of members, as the contract names it. */
@ApiTitledSchema('CursorPage_OrgMemberResponse_', 'A part of the members.', 'CursorPage[OrgMemberResponse]')
export class MemberPage {
  @ApiProperty({ type: [MemberResponse], title: 'Items', description: 'The members, newest first.' })
  readonly items!: readonly MemberResponse[];
  @ApiProperty({ ...nextCursorProperty, required: false })
  readonly next_cursor!: string | null;
  @ApiProperty(hasMoreProperty)
  readonly has_more!: boolean;
}

/** The member of the examples. */
export const MEMBER_EXAMPLE: MemberResponse = {
  id: EXAMPLE.memberId,
  organization_id: EXAMPLE.organizationId,
  clerk_user_id: EXAMPLE.externalId,
  role: EXAMPLE.role,
  display_name: EXAMPLE.displayName,
  email: EXAMPLE.email,
  is_active: true,
  created_at: EXAMPLE.createdAt,
  updated_at: EXAMPLE.createdAt,
};

/** A page of the examples. */
export const MEMBER_PAGE_EXAMPLE: MemberPage = { items: [MEMBER_EXAMPLE], next_cursor: EXAMPLE.cursor, has_more: true };

/** The response for a member, field by field. */
export function toMemberResponse(member: ListedMember): MemberResponse {
  return {
    id: member.id,
    organization_id: member.organizationId,
    clerk_user_id: member.externalId,
    role: member.role,
    display_name: member.displayName,
    email: member.email,
    is_active: member.disabledAt === null,
    created_at: formatInstant(member.createdAt),
    updated_at: formatInstant(member.updatedAt),
  };
}

/** The response for a page. */
export function toMemberPage({ items, next }: Page<ListedMember>): MemberPage {
  return { items: items.map(toMemberResponse), next_cursor: next, has_more: next !== null };
}
