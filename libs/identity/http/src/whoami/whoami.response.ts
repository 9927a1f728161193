import type { Caller } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableDateTime, nullableString } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** The key that a request was authenticated with. */
@ApiTitledSchema('WhoAmIApiKey', 'The key that a request was sent with.')
export class WhoAmIApiKey {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the key in paths and in the audit log.',
    examples: [EXAMPLE.keyId],
  })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name', description: 'What people call the key.', examples: [EXAMPLE.name] })
  readonly name!: string;
  @ApiProperty({
    type: 'string',
    title: 'Key Prefix',
    description: "The beginning of the key's newest token. Not secret.",
    examples: [EXAMPLE.keyPrefix],
  })
  readonly key_prefix!: string;
  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    title: 'Scopes',
    description: 'What the key may do. Empty for an unrestricted key.',
    examples: [EXAMPLE.scopes],
  })
  readonly scopes!: readonly string[];
  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When the key ends. Null: never.',
    examples: [EXAMPLE.expiresAt],
  })
  readonly expires_at!: string | null;
}

/** Who is calling. */
@ApiTitledSchema(
  'WhoAmIResponse',
  "The authenticated caller's own identity + resolved role and KB clearance.\n\n" +
    "Returned by ``GET /identity/whoami`` so the dashboard can learn the caller's\n" +
    'role (Clerk ``org:*``) and effective KB clearance for client-side gating\n' +
    'without an org-scoped or admin-only call. Backend RBAC remains the source of\n' +
    'truth for every mutation; this only drives UI affordances.',
)
export class WhoAmIResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'User Id',
    description: 'The member of the organization to whom the key belongs.',
    examples: [EXAMPLE.memberId],
  })
  readonly user_id!: string;
  @ApiProperty({
    type: 'string',
    title: 'Clerk User Id',
    description: 'The id of that member in the system that the organization comes from.',
    examples: [EXAMPLE.externalId],
  })
  readonly clerk_user_id!: string;
  @ApiProperty({
    ...nullableString,
    title: 'Email',
    description: 'The address of that member. Null: unknown.',
    examples: [EXAMPLE.email],
    required: false,
  })
  readonly email!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'Display Name',
    description: 'The name of that member. Null: unknown.',
    examples: [EXAMPLE.displayName],
    required: false,
  })
  readonly display_name!: string | null;
  @ApiProperty({ type: 'string', title: 'Role', description: 'The role of that member.', examples: [EXAMPLE.role] })
  readonly role!: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Organization Id',
    description: 'The organization to which the key belongs.',
    examples: [EXAMPLE.organizationId],
  })
  readonly organization_id!: string;
  @ApiProperty({
    type: 'string',
    title: 'Organization Name',
    description: 'The name of that organization.',
    examples: [EXAMPLE.organizationName],
  })
  readonly organization_name!: string;
  @ApiProperty({
    type: 'integer',
    title: 'Kb Clearance Level',
    description: 'Always 0: this service has no knowledge bases.',
    examples: [0],
  })
  readonly kb_clearance_level!: number;
  @ApiProperty({
    type: 'boolean',
    title: 'Kb Acl Enabled',
    description: 'Always false: this service has no knowledge bases.',
    examples: [false],
  })
  readonly kb_acl_enabled!: boolean;
  @ApiProperty({
    type: 'boolean',
    title: 'Is Internal',
    description: 'Always false: the field is part of the contract.',
    examples: [false],
    default: false,
    required: false,
  })
  readonly is_internal!: boolean;
  @ApiProperty({ type: WhoAmIApiKey, description: 'The key that the request was sent with.' })
  readonly api_key!: WhoAmIApiKey;
}

/** The key of the examples, as the caller. */
export const WHOAMI_EXAMPLE: WhoAmIResponse = {
  user_id: EXAMPLE.memberId,
  clerk_user_id: EXAMPLE.externalId,
  email: EXAMPLE.email,
  display_name: EXAMPLE.displayName,
  role: EXAMPLE.role,
  organization_id: EXAMPLE.organizationId,
  organization_name: EXAMPLE.organizationName,
  kb_clearance_level: 0,
  kb_acl_enabled: false,
  is_internal: false,
  api_key: {
    id: EXAMPLE.keyId,
    name: EXAMPLE.name,
    key_prefix: EXAMPLE.keyPrefix,
    scopes: EXAMPLE.scopes,
    expires_at: EXAMPLE.expiresAt,
  },
};

/** The response for a caller, field by field. There are no knowledge bases here, so no clearances for them. */
export function toWhoAmIResponse({ organization, member, apiKey }: Caller): WhoAmIResponse {
  return {
    user_id: member.id,
    clerk_user_id: member.externalId,
    email: member.email,
    display_name: member.displayName,
    role: member.role,
    organization_id: organization.id,
    organization_name: organization.name,
    kb_clearance_level: 0,
    kb_acl_enabled: false,
    is_internal: false,
    api_key: {
      id: apiKey.id,
      name: apiKey.name,
      key_prefix: apiKey.keyPrefix,
      scopes: apiKey.grant.scopes,
      expires_at: apiKey.expiresAt && formatInstant(apiKey.expiresAt),
    },
  };
}
