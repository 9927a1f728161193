import { ApiProperty } from '@nestjs/swagger';
import { EXAMPLE } from '../openapi-examples.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

/** A scope that keys can be given. */
@ApiTitledSchema('ScopeResponse', 'A scope that keys can be given.')
export class ScopeResponse {
  @ApiProperty({
    type: 'string',
    title: 'Name',
    description: 'The scope, `resource:action`.',
    examples: [EXAMPLE.scopes[0]],
  })
  readonly name!: string;
  @ApiProperty({
    type: 'string',
    title: 'Description',
    description: 'What it allows.',
    examples: ['Read orders'],
  })
  readonly description!: string;
  @ApiProperty({ type: 'string', title: 'Group', description: 'What it is listed under.', examples: ['Orders'] })
  readonly group!: string;
}

/** The catalogue of scopes. */
@ApiTitledSchema('ScopesResponse', 'The scopes that keys can be given.')
export class ScopesResponse {
  @ApiProperty({
    type: 'boolean',
    title: 'Enforced',
    description: 'Whether keys can be given these scopes alone. False: the installation has no catalogue.',
    examples: [true],
  })
  readonly enforced!: boolean;
  @ApiProperty({
    type: [ScopeResponse],
    title: 'Scopes',
    description: 'The scopes of the catalogue, then those of this API.',
  })
  readonly scopes!: readonly ScopeResponse[];
}

/** The catalogue of the examples. */
export const SCOPES_EXAMPLE = {
  enforced: true,
  scopes: [
    { name: 'orders:read', description: 'Read orders', group: 'Orders' },
    { name: 'api_keys:read', description: 'List and show keys, and the policy', group: 'API keys' },
  ],
} satisfies ScopesResponse;
