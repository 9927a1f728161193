import { Nullable, Optional, SecretBody } from '@feather-identity/shared-http';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsString } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { nullableString, requirableScopes } from '../openapi-types.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

/** The body that asks about a key. */
@SecretBody()
@ApiRequestSchema('ApiKeyVerifyRequest', 'The key in question, and what it must hold.')
export class ApiKeyCheckRequest {
  @ApiProperty({
    type: 'string',
    title: 'Key',
    description: 'The key, as the client sent it.',
    examples: [EXAMPLE.plainText],
  })
  @IsString()
  readonly key!: string;

  @ApiProperty({
    ...requirableScopes,
    title: 'Scopes',
    description: 'The scopes that the key must hold, each `resource:action`. If omitted or empty: none.',
    required: false,
  })
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes: readonly string[] = [];

  @ApiProperty({
    ...nullableString,
    title: 'Address',
    description:
      'The IP address of the client that has sent the key, without a port. A key with `allowed_networks` is refused ' +
      'without it. Null: unknown.',
    examples: [EXAMPLE.address],
    required: false,
  })
  @Optional()
  @Nullable()
  @IsString()
  readonly address: string | null = null;
}
