import { type Caller, assertPermissionNames, assertScopes, isScope } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Get, Query, Req, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ApiKeyAuthentication } from '../authentication/api-key-authentication.js';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import type { GuardedRequest } from '../authentication/guarded-request.js';
import type { HeaderResponse } from '../header-response.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid, ProtectedOperation, textHeader } from '../protected-operation.decorator.js';
import { AuthorizeParameters, AuthorizeQuery, requiredScopes } from './authorize.query.js';

/** Forward authentication: gateways ask here before they pass a request on. */
@IdentityController('authorize', 'verification')
export class AuthorizeController {
  constructor(private readonly authentication: ApiKeyAuthentication) {}

  @ProtectedOperation({
    operationId: 'authorize',
    summary: 'Tell a gateway whether a request may pass',
    description:
      'Forward authentication, for nginx, Envoy, Traefik and Caddy. The answer is in the status and the headers; the ' +
      'body of a 200 is empty. The key must hold the scopes of the query.',
    refusals: {
      400: { scope_invalid: 'At most 100 scopes can be required, not 101.' },
      403: {},
    },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    headers: {
      'X-Organization-Id': textHeader('The organization of the key.', EXAMPLE.organizationId),
      'X-Api-Key-Id': textHeader('The key.', EXAMPLE.keyId),
      'X-Scopes': textHeader('What the key holds, separated by spaces; `*` for everything.', EXAMPLE.scopes.join(' ')),
    },
  })
  @Invalid({ type: 'extra_forbidden', loc: ['query', 'role'], msg: 'Extra inputs are not permitted', input: 'admin' })
  @AuthorizeParameters()
  @Get()
  authorize(
    @Req() request: GuardedRequest,
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(AuthorizeQuery)) query: Readonly<AuthorizeQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): void {
    const required = requiredScopes(query);
    assertPermissionNames(required);
    try {
      assertScopes(caller, required);
    } catch (error) {
      this.authentication.refuseAccepted(request, caller);
      throw error;
    }
    const { grant, id } = caller.apiKey;
    // Scopes of earlier versions may be any text; what is no scope does not belong into a header.
    const scopes = grant.unrestricted ? ['*'] : grant.scopes.filter(isScope);
    response.header('X-Organization-Id', caller.organization.id);
    response.header('X-Api-Key-Id', id);
    response.header('X-Scopes', scopes.join(' '));
  }
}
