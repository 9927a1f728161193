import { IgnoreExtra, Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import { nullableDateTime } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** Code points of a key's name. */
export const MAX_NAME_LENGTH = 255;

/** The body that creates a key. Other fields are ignored, as the Feather API does, and named by `nameIgnoredFields`. */
@ApiRequestSchema('ApiKeyCreateRequest')
@IgnoreExtra()
export class ApiKeyCreateRequest {
  @ApiProperty({ type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH, title: 'Name' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME_LENGTH)
  readonly name!: string;

  @ApiProperty({ type: 'array', items: { type: 'string' }, title: 'Scopes', required: false })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes?: readonly string[];

  @ApiProperty({ ...nullableDateTime, title: 'Expires At', required: false })
  @Optional()
  @Nullable()
  @IsDate()
  readonly expires_at?: Date | null;
}
