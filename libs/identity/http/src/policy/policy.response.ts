import { MAX_POLICY_DAYS, type OrganizationPolicy, type Quota, type RateLimit } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { nullableQuota, nullableRateLimit } from '../key-limits.fields.js';
import { nullableDays } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** What an organization requires of its keys. */
@ApiTitledSchema(
  'PolicyResponse',
  'Binds keys that are created, or given another end or scopes, later. With ``scopes_required`` a key without ' +
    'scopes is\n' +
    'refused instead of being given those of its creator. Keys that were not used for ' +
    '``revoke_unused_after_days`` are revoked.',
)
export class PolicyResponse {
  @ApiProperty({
    ...nullableDays(MAX_POLICY_DAYS),
    title: 'Max Lifetime Days',
    description: 'The longest life of a key, in days from its creation. Null: no limit.',
    examples: [90],
  })
  readonly max_lifetime_days!: number | null;
  @ApiProperty({
    type: 'boolean',
    title: 'Expiry Required',
    description: 'Whether a key must have an end.',
    examples: [true],
  })
  readonly expiry_required!: boolean;
  @ApiProperty({
    type: 'boolean',
    title: 'Scopes Required',
    description: 'Whether a key must be given scopes, instead of those of its creator.',
    examples: [true],
  })
  readonly scopes_required!: boolean;
  @ApiProperty({
    ...nullableDays(MAX_POLICY_DAYS),
    title: 'Revoke Unused After Days',
    description: 'The number of days without use after which a key is revoked. Null: never.',
    examples: [180],
  })
  readonly revoke_unused_after_days!: number | null;
  @ApiProperty({
    type: 'boolean',
    title: 'Revoke Descendants',
    description: 'Whether the revocation of a key also revokes all keys that it created, and all that those created.',
    examples: [false],
  })
  readonly revoke_descendants!: boolean;
  @ApiProperty({
    ...nullableRateLimit,
    description: 'The rate limit of new keys that are given none. Null: none.',
  })
  readonly rate_limit!: RateLimit | null;
  @ApiProperty({
    ...nullableQuota,
    description: 'The quota of new keys that are given none. Null: none.',
  })
  readonly quota!: Quota | null;
}

/** A policy of the examples. */
export const POLICY_EXAMPLE: PolicyResponse = {
  max_lifetime_days: 90,
  expiry_required: true,
  scopes_required: true,
  revoke_unused_after_days: 180,
  revoke_descendants: false,
  rate_limit: { requests: 100, seconds: 60 },
  quota: { requests: 100_000, period: 'month' },
};

/** The response for a policy. */
export function toPolicyResponse(policy: OrganizationPolicy): PolicyResponse {
  return {
    max_lifetime_days: policy.maxLifetimeDays,
    expiry_required: policy.expiryRequired,
    scopes_required: policy.scopesRequired,
    revoke_unused_after_days: policy.revokeUnusedAfterDays,
    revoke_descendants: policy.revokeDescendants,
    rate_limit: policy.rateLimit,
    quota: policy.quota,
  };
}
