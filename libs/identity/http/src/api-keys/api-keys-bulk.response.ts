import { ApiProperty } from '@nestjs/swagger';
import { EXAMPLE } from '../openapi-examples.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

const IDS = { type: 'array', items: { type: 'string', format: 'uuid' } } as const;

/** What became of several keys. */
@ApiTitledSchema('ApiKeysBulkResponse', 'The result for each key: every id is in exactly one of the lists.')
export class ApiKeysBulkResponse {
  @ApiProperty({
    ...IDS,
    title: 'Changed',
    description: 'Keys that are revoked or disabled now.',
    examples: [[EXAMPLE.keyId]],
  })
  readonly changed!: readonly string[];
  @ApiProperty({ ...IDS, title: 'Unchanged', description: 'Keys that were disabled before.', examples: [[]] })
  readonly unchanged!: readonly string[];
  @ApiProperty({
    ...IDS,
    title: 'Not Found',
    description: 'Keys that are unknown, of another organization, or were revoked before.',
    examples: [[EXAMPLE.ownerKeyId]],
  })
  readonly not_found!: readonly string[];
}

/** The answer of the examples. */
export const BULK_EXAMPLE = {
  changed: [EXAMPLE.keyId],
  unchanged: [],
  not_found: [EXAMPLE.ownerKeyId],
} satisfies ApiKeysBulkResponse;
