import { type Grantor, ChangePolicy, type OrganizationPolicy } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Body, Get, Patch } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { CurrentGrantor } from '../authentication/current-grantor.decorator.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_READ, POLICIES_MANAGE } from '../scopes.js';
import { PolicyUpdateRequest } from './policy-update.request.js';
import { POLICY_EXAMPLE, PolicyResponse, toPolicyResponse } from './policy.response.js';

/** What the caller's organization requires of its keys. */
@IdentityController('policy', 'policy')
export class PolicyController {
  constructor(private readonly changePolicy: ChangePolicy) {}

  @ProtectedOperation({
    operationId: 'getPolicy',
    summary: 'Get the policy for the keys of the current organization',
    description: 'Shows what the organization demands of its keys.',
    scopes: [API_KEYS_READ],
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: PolicyResponse, example: POLICY_EXAMPLE })
  @Invalid({ type: 'extra_forbidden', loc: ['query', 'at'], msg: 'Extra inputs are not permitted', input: 'now' })
  @Get()
  find(@CurrentGrantor() { policy }: Grantor): PolicyResponse {
    return toPolicyResponse(policy);
  }

  @ProtectedOperation({
    operationId: 'updatePolicy',
    summary: 'Change the policy for the keys of the current organization',
    description:
      'Omitted fields stay unchanged. The policy binds keys that are created, or given another end or ' +
      'scopes, from now on.',
    scopes: [POLICIES_MANAGE],
    refusals: { 413: {} },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: PolicyResponse, example: POLICY_EXAMPLE })
  @ApiBody({
    type: PolicyUpdateRequest,
    examples: {
      ninety_days: {
        summary: 'Keys live for at most 90 days',
        value: { max_lifetime_days: 90, expiry_required: true },
      },
      no_limit: { summary: 'Keys may live forever', value: { max_lifetime_days: null, expiry_required: false } },
      limits: {
        summary: 'New keys may make 100 requests a minute, unless they are given another limit',
        value: { rate_limit: { requests: 100, seconds: 60 } },
      },
      unused: { summary: 'Revoke what was not used for half a year', value: { revoke_unused_after_days: 180 } },
      descendants: { summary: 'Revoke keys together with all that they made', value: { revoke_descendants: true } },
    },
  })
  @Invalid({
    type: 'greater_than_equal',
    loc: ['body', 'max_lifetime_days'],
    msg: 'Input should be greater than or equal to 1',
    input: 0,
    ctx: { ge: 1 },
  })
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
  const {
    expiry_required: expiryRequired,
    scopes_required: scopesRequired,
    revoke_descendants: revokeDescendants,
  } = body;
  return {
    ...(maxDays === undefined ? {} : { maxLifetimeDays: maxDays }),
    ...(expiryRequired === undefined ? {} : { expiryRequired }),
    ...(scopesRequired === undefined ? {} : { scopesRequired }),
    ...(unusedDays === undefined ? {} : { revokeUnusedAfterDays: unusedDays }),
    ...(revokeDescendants === undefined ? {} : { revokeDescendants }),
    ...(body.rate_limit === undefined ? {} : { rateLimit: body.rate_limit }),
    ...(body.quota === undefined ? {} : { quota: body.quota }),
  };
}
