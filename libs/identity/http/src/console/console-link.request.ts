import { LINK_LIFETIME_SECONDS } from '@feather-identity/core';
import { Optional, OptionalBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMinSize, IsArray, IsInt, IsString, Max, Min } from 'class-validator';
import { grantableScopes } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** The body that makes a link to the console. */
@OptionalBody()
@ApiRequestSchema(
  'ConsoleLinkRequest',
  'What the session may do that the link opens, and how long the link can be used.',
)
export class ConsoleLinkRequest {
  @ApiProperty({
    ...grantableScopes,
    minItems: 1,
    title: 'Scopes',
    description: 'What the session may do: at most what the calling key may. If omitted: all of it.',
    required: false,
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  readonly scopes?: readonly string[];

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: LINK_LIFETIME_SECONDS,
    default: LINK_LIFETIME_SECONDS,
    title: 'Expires In',
    description: 'For how many seconds the link can be used.',
    examples: [60],
    required: false,
  })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(LINK_LIFETIME_SECONDS)
  readonly expires_in: number = LINK_LIFETIME_SECONDS;
}
