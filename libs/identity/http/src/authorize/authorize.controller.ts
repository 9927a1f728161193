import { type Caller, assertPermissionNames, assertScopes, isScope } from '@feather-identity/core';
import { ErrorResponse, HTTPValidationError, RequestPipe } from '@feather-identity/shared-http';
import { Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import type { HeaderResponse } from '../header-response.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { AuthorizeParameters, AuthorizeQuery, requiredScopes } from './authorize.query.js';

const header = (description: string) => ({ description, schema: { type: 'string' as const } });

/** Forward authentication: gateways ask here before they pass a request on. */
@IdentityController('authorize')
export class AuthorizeController {
  @ApiOperation({
    operationId: 'authorize',
    summary: 'Tell a gateway whether a request may pass',
    description: 'The answer is in the status and the headers; the body of a 200 is empty.',
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    headers: {
      'X-Organization-Id': header('The organization of the key.'),
      'X-Api-Key-Id': header('The key.'),
      'X-Scopes': header('What the key holds, separated by spaces; `*` for everything.'),
    },
  })
  @ApiResponse({ status: 403, description: 'Permission denied', type: ErrorResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @AuthorizeParameters()
  @ProtectedOperation()
  @Get()
  authorize(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(AuthorizeQuery)) query: Readonly<AuthorizeQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): void {
    const required = requiredScopes(query);
    assertPermissionNames(required);
    assertScopes(caller, required);
    const { grant, id } = caller.apiKey;
    // Scopes of earlier versions may be any text; what is no scope does not belong into a header.
    const scopes = grant.unrestricted ? ['*'] : grant.scopes.filter(isScope);
    response.header('X-Organization-Id', caller.organization.id);
    response.header('X-Api-Key-Id', id);
    response.header('X-Scopes', scopes.join(' '));
  }
}
