import { ScopeCatalogue } from '@feather-identity/core';
import { Get } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { IdentityController } from '../identity-controller.decorator.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_READ } from '../scopes.js';
import { SCOPES_EXAMPLE, ScopesResponse } from './scopes.response.js';

/** The scopes that keys can be given. */
@IdentityController('scopes')
export class ScopesController {
  constructor(private readonly catalogue: ScopeCatalogue) {}

  @ProtectedOperation({
    operationId: 'listScopes',
    summary: 'List the scopes that keys can be given',
    description:
      'The catalogue of this installation, and the scopes of this API. Wildcards (`resource:*` and `*`) can be given too. ' +
      'If there is no catalogue, keys can be given any scope.',
    scopes: [API_KEYS_READ],
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: ScopesResponse, example: SCOPES_EXAMPLE })
  @Invalid({ type: 'extra_forbidden', loc: ['query', 'at'], msg: 'Extra inputs are not permitted', input: 'now' })
  @Get()
  list(): ScopesResponse {
    const { isEnforced, scopes } = this.catalogue;
    return {
      enforced: isEnforced,
      scopes: scopes.map(({ name, description, group }) => ({ name, description, group })),
    };
  }
}
