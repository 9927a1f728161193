import type { Caller } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { nullableDateTime, nullableString } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** The key that a request was authenticated with. */
@ApiTitledSchema('WhoAmIApiKey')
export class WhoAmIApiKey {
  @ApiProperty({ type: 'string', format: 'uuid', title: 'Id' })
  readonly id!: string;
  @ApiProperty({ type: 'string', title: 'Name' })
  readonly name!: string;
  @ApiProperty({ type: 'string', title: 'Key Prefix' })
  readonly key_prefix!: string;
  @ApiProperty({ type: 'array', items: { type: 'string' }, title: 'Scopes' })
  readonly scopes!: readonly string[];
  @ApiProperty({ ...nullableDateTime, title: 'Expires At' })
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
  @ApiProperty({ type: 'string', format: 'uuid', title: 'User Id' })
  readonly user_id!: string;
  @ApiProperty({ type: 'string', title: 'Clerk User Id' })
  readonly clerk_user_id!: string;
  @ApiProperty({ ...nullableString, title: 'Email', required: false })
  readonly email!: string | null;
  @ApiProperty({ ...nullableString, title: 'Display Name', required: false })
  readonly display_name!: string | null;
  @ApiProperty({ type: 'string', title: 'Role' })
  readonly role!: string;
  @ApiProperty({ type: 'string', format: 'uuid', title: 'Organization Id' })
  readonly organization_id!: string;
  @ApiProperty({ type: 'string', title: 'Organization Name' })
  readonly organization_name!: string;
  @ApiProperty({ type: 'integer', title: 'Kb Clearance Level' })
  readonly kb_clearance_level!: number;
  @ApiProperty({ type: 'boolean', title: 'Kb Acl Enabled' })
  readonly kb_acl_enabled!: boolean;
  @ApiProperty({ type: 'boolean', title: 'Is Internal', default: false, required: false })
  readonly is_internal!: boolean;
  @ApiProperty({ type: WhoAmIApiKey })
  readonly api_key!: WhoAmIApiKey;
}

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
