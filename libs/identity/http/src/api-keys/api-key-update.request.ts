import { Nullable, Optional } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsDate, IsString, MaxLength, MinLength } from 'class-validator';
import { nullableDateTime } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';
import { MAX_NAME_LENGTH } from './api-key-create.request.js';

/** The body that changes a key; what is left out stays as it is. */
@ApiRequestSchema('ApiKeyUpdateRequest')
export class ApiKeyUpdateRequest {
  @ApiProperty({ type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH, title: 'Name', required: false })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME_LENGTH)
  readonly name?: string;

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

  @ApiProperty({ type: 'boolean', title: 'Is Active', required: false })
  @Optional()
  @IsBoolean()
  readonly is_active?: boolean;
}
