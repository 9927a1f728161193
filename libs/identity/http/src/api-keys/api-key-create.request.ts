import { IgnoreExtra, Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { grantableScopes, nullableDateTime } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';
import { KeyNotesRequest } from './key-notes.request.js';

/** Code points of a key's name. */
export const MAX_NAME_LENGTH = 255;

/** The body that creates a key. Other fields are ignored, as the Feather API does, and named by `nameIgnoredFields`. */
@ApiRequestSchema(
  'ApiKeyCreateRequest',
  'What the new key shall be. Other fields are ignored, and named in ``X-Ignored-Fields``.',
)
@IgnoreExtra()
export class ApiKeyCreateRequest extends KeyNotesRequest {
  @ApiProperty({
    type: 'string',
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    title: 'Name',
    description: 'What people call the key: 1 to 255 Unicode characters, without NUL.',
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
      'What the key may do: `resource:action`, `resource:*` or `*`, at most 4,096 characters in all. Left out or empty: ' +
      'the scopes of the calling key.',
    required: false,
  })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes?: readonly string[];

  @ApiProperty({
    ...nullableDateTime,
    title: 'Expires At',
    description: 'When the key ends, in the future. Left out or null: never.',
    examples: [EXAMPLE.expiresAt],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsDate()
  readonly expires_at?: Date | null;
}
