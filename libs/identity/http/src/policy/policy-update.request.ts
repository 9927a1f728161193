import { MAX_POLICY_DAYS } from '@feather-identity/core';
import { Nested, Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { nullableQuota, nullableRateLimit, QuotaFields, RateLimitFields } from '../key-limits.fields.js';
import { nullableDays } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** The body that changes the policy; what is left out stays as it is. */
@ApiRequestSchema('PolicyUpdateRequest', 'What changes. Omitted fields stay unchanged.')
export class PolicyUpdateRequest {
  @ApiProperty({
    ...nullableDays(MAX_POLICY_DAYS),
    title: 'Max Lifetime Days',
    description: 'The longest life of a key, in days from its creation. Null: no limit.',
    examples: [90],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(MAX_POLICY_DAYS)
  readonly max_lifetime_days?: number | null;

  @ApiProperty({
    type: 'boolean',
    title: 'Expiry Required',
    description: 'Whether a key must have an end.',
    examples: [true],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly expiry_required?: boolean;

  @ApiProperty({
    type: 'boolean',
    title: 'Scopes Required',
    description: 'Whether a key must be given scopes, instead of those of its creator.',
    examples: [true],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly scopes_required?: boolean;

  @ApiProperty({
    ...nullableDays(MAX_POLICY_DAYS),
    title: 'Revoke Unused After Days',
    description: 'The number of days without use after which a key is revoked. Null: never.',
    examples: [180],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(MAX_POLICY_DAYS)
  readonly revoke_unused_after_days?: number | null;

  @ApiProperty({
    type: 'boolean',
    title: 'Revoke Descendants',
    description: 'Whether the revocation of a key also revokes all keys that it created, and all that those created.',
    examples: [true],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly revoke_descendants?: boolean;

  @ApiProperty({
    ...nullableRateLimit,
    description: 'The rate limit of new keys that are given none. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(RateLimitFields)
  readonly rate_limit?: RateLimitFields | null;

  @ApiProperty({
    ...nullableQuota,
    description: 'The quota of new keys that are given none. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(QuotaFields)
  readonly quota?: QuotaFields | null;
}
