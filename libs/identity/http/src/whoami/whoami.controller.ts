import type { Caller } from '@feather-identity/core';
import { IgnoreExtra } from '@feather-identity/shared-http';
import { Get } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { toWhoAmIResponse, WHOAMI_EXAMPLE, WhoAmIResponse } from './whoami.response.js';

/** Answers with the organization, member and key of the caller. */
@IdentityController('whoami')
export class WhoAmIController {
  @ProtectedOperation({
    operationId: 'whoAmI',
    summary: "Get the current caller's identity, role, and KB clearance",
    description:
      "Resolve the authenticated caller's own identity, role, and KB clearance.\n\n" +
      'Authenticated only — no org-scope and no permission gate — so every role\n' +
      '(including ``org:viewer``) can read its own context to drive UI gating.\n' +
      'Backend RBAC still enforces every mutation; this endpoint grants nothing.',
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: WhoAmIResponse, example: WHOAMI_EXAMPLE })
  @IgnoreExtra()
  @Get()
  whoAmI(@CurrentCaller() caller: Caller): WhoAmIResponse {
    return toWhoAmIResponse(caller);
  }
}
