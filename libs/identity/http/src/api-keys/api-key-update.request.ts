import { Nested, Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
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
import { MAX_NAME_LENGTH } from './api-key-create.request.js';
import { KeyNotesRequest } from './key-notes.request.js';

/** The body that changes a key; what is left out stays as it is. */
@ApiRequestSchema('ApiKeyUpdateRequest', 'What changes. Omitted fields stay unchanged.')
export class ApiKeyUpdateRequest extends KeyNotesRequest {
  @ApiProperty({
    type: 'string',
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    title: 'Name',
    description: 'The name of the key for people: 1 to 255 Unicode characters, without NUL.',
    examples: [EXAMPLE.name],
    required: false,
  })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME_LENGTH)
  readonly name?: string;

  @ApiProperty({
    ...grantableScopes,
    title: 'Scopes',
    description:
      'All scopes that the key has afterwards: `resource:action`, `resource:*` or `*`, at most 4,096 characters ' +
      'in all.',
    required: false,
  })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes?: readonly string[];

  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When the key ends, in the future. Null: never.',
    examples: [EXAMPLE.expiresAt],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsDate()
  readonly expires_at?: Date | null;

  @ApiProperty({
    type: 'boolean',
    title: 'Is Active',
    description: 'False disables the key until it is set to true again.',
    examples: [false],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly is_active?: boolean;

  @ApiProperty({
    ...nullableRateLimit,
    description: 'At most `requests` in any window of `seconds`. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(RateLimitFields)
  readonly rate_limit?: RateLimitFields | null;

  @ApiProperty({
    ...nullableQuota,
    description: 'How many requests the key may make in a day or month of UTC. Null: none.',
    required: false,
  })
  @Optional()
  @Nullable()
  @Nested(QuotaFields)
  readonly quota?: QuotaFields | null;

  @ApiProperty({
    ...nullableNetworks,
    description: 'The addresses and networks (CIDR) from which the key is accepted. Null: all addresses.',
    required: false,
  })
  @Optional()
  @Nullable()
  @IsArray()
  @IsString({ each: true })
  readonly allowed_networks?: readonly string[] | null;

  @ApiProperty({
    type: 'boolean',
    title: 'Confirm',
    description:
      'Whether the calling key may be given `allowed_networks` without the address of this request, from which it is ' +
      'then refused.',
    examples: [true],
    required: false,
  })
  @Optional()
  @IsBoolean()
  readonly confirm?: boolean;
}
