import { type Grantor, ChangePolicy, type OrganizationPolicy } from '@feather-identity/core';
import { ErrorResponse, HTTPValidationError, RequestPipe } from '@feather-identity/shared-http';
import { Body, Get, Patch } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { CurrentGrantor } from '../authentication/current-grantor.decorator.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_READ, POLICIES_MANAGE } from '../scopes.js';
import { PolicyUpdateRequest } from './policy-update.request.js';
import { PolicyResponse, toPolicyResponse } from './policy.response.js';

/** What the caller's organization requires of its keys. */
@IdentityController('policy')
export class PolicyController {
  constructor(private readonly changePolicy: ChangePolicy) {}

  @ApiOperation({ operationId: 'getPolicy', summary: 'Get the policy for the keys of the current organization' })
  @ApiResponse({ status: 200, description: 'Successful Response', type: PolicyResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ProtectedOperation(API_KEYS_READ)
  @Get()
  find(@CurrentGrantor() { policy }: Grantor): PolicyResponse {
    return toPolicyResponse(policy);
  }

  @ApiOperation({ operationId: 'updatePolicy', summary: 'Change the policy for the keys of the current organization' })
  @ApiResponse({ status: 200, description: 'Successful Response', type: PolicyResponse })
  @ApiResponse({ status: 413, description: 'Payload too large', type: ErrorResponse })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ApiBody({ type: PolicyUpdateRequest })
  @ProtectedOperation(POLICIES_MANAGE)
  @Patch()
  async update(
    @CurrentGrantor() grantor: Grantor,
    @Body(new RequestPipe(PolicyUpdateRequest)) body: Readonly<PolicyUpdateRequest>,
  ): Promise<PolicyResponse> {
    return toPolicyResponse(await this.changePolicy.execute(grantor, toChanges(body)));
  }
}

function toChanges(body: PolicyUpdateRequest): Partial<OrganizationPolicy> {
  const { max_lifetime_days: maxDays, revoke_unused_after_days: unusedDays } = body;
  const { expiry_required: expiryRequired, scopes_required: scopesRequired } = body;
  return {
    ...(maxDays === undefined ? {} : { maxLifetimeDays: maxDays }),
    ...(expiryRequired === undefined ? {} : { expiryRequired }),
    ...(scopesRequired === undefined ? {} : { scopesRequired }),
    ...(unusedDays === undefined ? {} : { revokeUnusedAfterDays: unusedDays }),
  };
}
