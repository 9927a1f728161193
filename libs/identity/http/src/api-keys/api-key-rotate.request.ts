import { Optional, OptionalBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

const THIRTY_DAYS = 2_592_000;

/** The body that rotates a key; without one the secrets so far end at once. */
@OptionalBody()
@ApiRequestSchema('ApiKeyRotateRequest')
export class ApiKeyRotateRequest {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: THIRTY_DAYS,
    default: 0,
    title: 'Grace Period Seconds',
    required: false,
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(THIRTY_DAYS)
  readonly grace_period_seconds: number = 0;
}
