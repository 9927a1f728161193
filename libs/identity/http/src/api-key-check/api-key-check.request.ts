import { Optional, SecretBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsString } from 'class-validator';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** The body that asks about a key. */
@SecretBody()
@ApiRequestSchema('ApiKeyVerifyRequest')
export class ApiKeyCheckRequest {
  @ApiProperty({ type: 'string', title: 'Key' })
  @IsString()
  readonly key!: string;

  @ApiProperty({ type: 'array', items: { type: 'string' }, title: 'Scopes', required: false })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes: readonly string[] = [];
}
