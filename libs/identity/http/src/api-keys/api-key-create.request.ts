import { IgnoreExtra, Nested, Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import {
  nullableNetworks,
  nullableQuota,
  nullableRateLimit,
  QuotaFields,
  RateLimitFields,
} from '../key-limits.fields.js';
import { EXAMPLE } from '../openapi-examples.js';
import { grantableScopes, nullableDateTime } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';
import { KeyNotesRequest } from './key-notes.request.js';

/** Code points of a key's name. */
export const MAX_NAME_LENGTH = 255;

/** The body that creates a key. Other fields are ignored, as the Feather API does, and named by `nameIgnoredFields`. */
@ApiRequestSchema('ApiKeyCreateRequest', 'The new key. Other fields are ignored, and named in ``X-Ignored-Fields``.')
@IgnoreExtra()
export class ApiKeyCreateRequest extends KeyNotesRequest {
  @ApiProperty({
    type: 'string',
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    title: 'Name',
    description: 'The name of the key for people: 1 to 255 Unicode characters, without NUL.',
    examples: [EXAMPLE.name],
  })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME_LENGTH)
  readonly name!: string;

  @ApiProperty({
    ...grantableScopes,
    title: 'Scopes',
    description:
      'What the key may do: `resource:action`, `resource:*` or `*`, at most 4,096 characters in all. If omitted ' +
      'or empty: the scopes of the calling key.',
    required: false,
  })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes?: readonly string[];

  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When the key ends, in the future. If omitted or null: never.',
    examples: [EXAMPLE.expiresAt],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsDate()
  readonly expires_at?: Date | null;

  @ApiProperty({
    ...nullableRateLimit,
    description:
      'At most `requests` in any window of `seconds`. If omitted: the default of the policy, or the limit of the ' +
      'calling key where that is narrower. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(RateLimitFields)
  readonly rate_limit?: RateLimitFields | null;

  @ApiProperty({
    ...nullableQuota,
    description:
      'How many requests the key may make in a day or month of UTC. If omitted: the default of the policy, or the ' +
      'limit of the calling key where that is narrower. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(QuotaFields)
  readonly quota?: QuotaFields | null;

  @ApiProperty({
    ...nullableNetworks,
    description:
      'The addresses and networks (CIDR) from which the key is accepted. If omitted: those of the calling key. ' +
      'Null: all addresses.',
    required: false,
  })
  @Optional()
  @Nullable()
  @IsArray()
  @IsString({ each: true })
  readonly allowed_networks?: readonly string[] | null;
}
