import { Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { grantableScopes, nullableDateTime } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';
import { MAX_NAME_LENGTH } from './api-key-create.request.js';
import { KeyNotesRequest } from './key-notes.request.js';

/** The body that changes a key; what is left out stays as it is. */
@ApiRequestSchema('ApiKeyUpdateRequest', 'What changes. Fields that are left out stay as they are.')
export class ApiKeyUpdateRequest extends KeyNotesRequest {
  @ApiProperty({
    type: 'string',
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    title: 'Name',
    description: 'What people call the key: 1 to 255 Unicode characters, without NUL.',
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
      'All scopes that the key has afterwards: `resource:action`, `resource:*` or `*`, at most 4,096 characters in all.',
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
}
