import type {
  ListedMember,
  Organization,
  OrganizationContents,
  Page,
  SignedUpOrganization,
} from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { API_KEY_EXAMPLE, ApiKeyCreateResponse, toApiKeyCreateResponse } from '../../api-keys/api-key.response.js';
import { formatInstant, formatOptionalInstant } from '../../instant.js';
import { MEMBER_EXAMPLE, MemberResponse, toMemberResponse } from '../../members/member.response.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { nullableDateTime, nullableString } from '../../openapi-types.js';
import { ApiTitledSchema } from '../../titled-schema.decorator.js';
import { hasMoreProperty, nextCursorProperty } from '../../page.query.js';

/** An organization, as the operator sees it. */
@ApiTitledSchema('OrganizationResponse', 'An organization. While it is not active, all of its keys are refused.')
export class OrganizationResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the organization.',
    examples: [EXAMPLE.organizationId],
  })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name', description: 'Its name.', examples: [EXAMPLE.organizationName] })
  readonly name!: string;
  @ApiProperty({
    type: 'boolean',
    title: 'Is Active',
    description: 'Whether its keys are accepted.',
    examples: [true],
  })
  readonly is_active!: boolean;
  @ApiProperty({
    ...nullableDateTime,
    title: 'Disabled At',
    description: 'Since when it is disabled. Null: it is active.',
    examples: [null],
  })
  readonly disabled_at!: string | null;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Created At',
    description: 'When it was created.',
    examples: [EXAMPLE.createdAt],
  })
  readonly created_at!: string;
}

/** A page of organizations. */
@ApiTitledSchema('OrganizationPage', 'A part of the organizations.')
export class OrganizationPage {
  @ApiProperty({ type: [OrganizationResponse], title: 'Items', description: 'The organizations, newest first.' })
  readonly items!: readonly OrganizationResponse[];
  @ApiProperty(hasMoreProperty)
  readonly has_more!: boolean;
  @ApiProperty(nextCursorProperty)
  readonly next_cursor!: string | null;
}

/** An organization at its creation. */
@ApiTitledSchema(
  'OrganizationCreateResponse',
  'The organization, its owner and, if one was asked for, the first key. The plain text of the key is never returned again.',
)
export class OrganizationCreateResponse {
  @ApiProperty({ type: OrganizationResponse, description: 'The new organization.' })
  readonly organization!: OrganizationResponse;
  @ApiProperty({ type: MemberResponse, description: 'The member who owns it.' })
  readonly owner!: MemberResponse;
  @ApiProperty({ type: ApiKeyCreateResponse, description: "The owner's first key.", required: false })
  readonly api_key?: ApiKeyCreateResponse;
}

/** What the deletion of an organization takes, or has taken. */
@ApiTitledSchema(
  'OrganizationDeleteResponse',
  'Without ``confirm`` nothing is deleted: the answer counts what would be, and has the value of ``confirm``.',
)
export class OrganizationDeleteResponse {
  @ApiProperty({ type: 'boolean', title: 'Deleted', description: 'Whether it was deleted.', examples: [false] })
  readonly deleted!: boolean;
  @ApiProperty({ type: 'integer', title: 'Members', description: 'Its members.', examples: [3] })
  readonly members!: number;
  @ApiProperty({
    type: 'integer',
    title: 'Api Keys',
    description: 'Its keys, revoked ones too.',
    examples: [12],
  })
  readonly api_keys!: number;
  @ApiProperty({
    ...nullableString,
    title: 'Confirm',
    description: 'What to send as `confirm` to delete all of this. Null: it was deleted.',
    examples: [EXAMPLE.confirmation],
  })
  readonly confirm!: string | null;
}

/** The organization of the examples. */
export const ORGANIZATION_EXAMPLE: OrganizationResponse = {
  id: EXAMPLE.organizationId,
  name: EXAMPLE.organizationName,
  is_active: true,
  disabled_at: null,
  created_at: EXAMPLE.createdAt,
};

/** The same at its creation, with its first key. */
export const ORGANIZATION_CREATE_EXAMPLE: OrganizationCreateResponse = {
  organization: ORGANIZATION_EXAMPLE,
  owner: MEMBER_EXAMPLE,
  api_key: { ...API_KEY_EXAMPLE, last_used_at: null, plain_text_key: EXAMPLE.plainText },
};

/** The response for an organization, field by field. */
export function toOrganizationResponse({ id, name, createdAt, disabledAt }: Organization): OrganizationResponse {
  return {
    id,
    name,
    is_active: disabledAt === null,
    disabled_at: formatOptionalInstant(disabledAt),
    created_at: formatInstant(createdAt),
  };
}

/** The response for a page. */
export function toOrganizationPage({ items, next }: Page<Organization>): OrganizationPage {
  return { items: items.map(toOrganizationResponse), has_more: next !== null, next_cursor: next };
}

/** The response for a sign-up. */
export function toOrganizationCreateResponse(created: SignedUpOrganization): OrganizationCreateResponse {
  const { organization, owner, firstKey } = created;
  const listed: ListedMember = { ...owner, updatedAt: owner.createdAt };
  return {
    organization: toOrganizationResponse(organization),
    owner: toMemberResponse(listed),
    ...(firstKey === null ? {} : { api_key: toApiKeyCreateResponse(firstKey.apiKey, firstKey.token) }),
  };
}

/** The response for a deletion, planned if there is a confirmation. */
export function toOrganizationDeleteResponse(
  { members, apiKeys }: OrganizationContents,
  confirmation: string | null,
): OrganizationDeleteResponse {
  return { deleted: confirmation === null, members, api_keys: apiKeys, confirm: confirmation };
}
