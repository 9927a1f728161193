import { type ApiKeyEnding, MAX_ENDED_KEYS } from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsUUID } from 'class-validator';
import { EXAMPLE } from '../openapi-examples.js';
import { ApiRequestSchema } from '../titled-schema.decorator.js';

const ACTIONS = ['revoke', 'disable'] as const satisfies ApiKeyEnding[];

/** The body that revokes or disables several keys. */
@ApiRequestSchema('ApiKeysBulkRequest', 'Which keys, and what becomes of them.')
export class ApiKeysBulkRequest {
  @ApiProperty({
    type: 'string',
    enum: ACTIONS,
    title: 'Action',
    description: '`revoke` ends keys permanently, `disable` until they are enabled again.',
    examples: ['revoke'],
  })
  @IsIn(ACTIONS)
  readonly action!: ApiKeyEnding;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: MAX_ENDED_KEYS,
    title: 'Ids',
    description: 'The ids of 1 to 500 keys.',
    examples: [[EXAMPLE.keyId]],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ENDED_KEYS)
  @IsUUID(undefined, { each: true })
  readonly ids!: readonly string[];
}
