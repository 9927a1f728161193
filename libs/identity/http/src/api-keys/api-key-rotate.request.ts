import { MAX_GRACE_SECONDS } from '@feather-identity/core';
import { Optional, OptionalBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** The body that rotates a key; without one the secrets so far end at once. */
@OptionalBody()
@ApiRequestSchema('ApiKeyRotateRequest', 'How the earlier secrets end. Without a body: at once.')
export class ApiKeyRotateRequest {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_GRACE_SECONDS,
    title: 'Grace Period Seconds',
    // No `default`, by which generators of types take the field for a required one.
    description: 'How long the earlier secrets stay valid, up to 30 days. Default: 0.',
    examples: [86_400],
    required: false,
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_GRACE_SECONDS)
  readonly grace_period_seconds: number = 0;
}
