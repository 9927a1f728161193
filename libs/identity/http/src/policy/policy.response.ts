import type { OrganizationPolicy } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { nullableInteger } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** What an organization requires of its keys. */
@ApiTitledSchema(
  'PolicyResponse',
  'Binds keys that are created, or given another end or scopes, later. With ``scopes_required`` a key without scopes is\n' +
    'refused instead of being given those of its creator. Keys that were not used for ``revoke_unused_after_days`` are revoked.',
)
export class PolicyResponse {
  @ApiProperty({ ...nullableInteger, title: 'Max Lifetime Days' })
  readonly max_lifetime_days!: number | null;
  @ApiProperty({ type: 'boolean', title: 'Expiry Required' })
  readonly expiry_required!: boolean;
  @ApiProperty({ type: 'boolean', title: 'Scopes Required' })
  readonly scopes_required!: boolean;
  @ApiProperty({ ...nullableInteger, title: 'Revoke Unused After Days' })
  readonly revoke_unused_after_days!: number | null;
}

/** The response for a policy. */
export function toPolicyResponse(policy: OrganizationPolicy): PolicyResponse {
  return {
    max_lifetime_days: policy.maxLifetimeDays,
    expiry_required: policy.expiryRequired,
    scopes_required: policy.scopesRequired,
    revoke_unused_after_days: policy.revokeUnusedAfterDays,
  };
}
