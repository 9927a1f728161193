import { Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { nullableDays } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

const MAX_DAYS = 36_500;

/** The body that changes the policy; what is left out stays as it is. */
@ApiRequestSchema('PolicyUpdateRequest')
export class PolicyUpdateRequest {
  @ApiProperty({ ...nullableDays(MAX_DAYS), title: 'Max Lifetime Days', required: false })
  @Optional()
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(MAX_DAYS)
  readonly max_lifetime_days?: number | null;

  @ApiProperty({ type: 'boolean', title: 'Expiry Required', required: false })
  @Optional()
  @IsBoolean()
  readonly expiry_required?: boolean;

  @ApiProperty({ type: 'boolean', title: 'Scopes Required', required: false })
  @Optional()
  @IsBoolean()
  readonly scopes_required?: boolean;

  @ApiProperty({ ...nullableDays(MAX_DAYS), title: 'Revoke Unused After Days', required: false })
  @Optional()
  @Nullable()
  @IsInt()
  @Min(1)
  @Max(MAX_DAYS)
  readonly revoke_unused_after_days?: number | null;
}
