import { type Caller, ListAuditEvents, TokenFormat } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Get, Query, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type HeaderResponse, nodeResponse } from '../header-response.js';
import { assertKeyPrefix, assertWholeKeyPrefix } from '../key-prefix.parameter.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ListScheduler } from '../listing/list-scheduler.js';
import { InvalidLimit } from '../page.query.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { AUDIT_READ } from '../scopes.js';
import { AUDIT_PAGE_EXAMPLE, AuditEventPage, toAuditEventPage } from './audit-event.response.js';
import { AuditEventsParameters, AuditEventsQuery } from './audit-events.query.js';

/** What happened in the caller's organization. */
@IdentityController('audit-events', 'audit')
export class AuditEventsController {
  constructor(
    private readonly listAuditEvents: ListAuditEvents,
    private readonly lists: ListScheduler,
    private readonly tokenFormat: TokenFormat,
  ) {}

  @ProtectedOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events for the current organization, newest first',
    description: 'Every change of a key, an organization or a policy, and every attempt to grant more than a key has.',
    scopes: [AUDIT_READ],
    refusals: { 400: { cursor_invalid: 'cursor must be one that this list has returned.' } },
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: AuditEventPage, example: AUDIT_PAGE_EXAMPLE })
  @InvalidLimit()
  @AuditEventsParameters()
  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(AuditEventsQuery)) query: Readonly<AuditEventsQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<AuditEventPage> {
    const { limit, cursor, api_key_id: apiKeyId, key_prefix: keyPrefix, type } = query;
    assertKeyPrefix(keyPrefix, this.tokenFormat);
    const organizationId = caller.organization.id;
    const answer = nodeResponse(response);
    await this.lists.admit(organizationId, answer);
    const wanted = { limit, cursor: cursor || undefined, apiKeyId, keyPrefix, type };
    const page = await this.lists.part(async () => {
      const found = await this.listAuditEvents.execute(organizationId, wanted);
      if (found.items.length === 0) assertWholeKeyPrefix(keyPrefix, this.tokenFormat);
      return found;
    });
    this.lists.endWhenStalled(answer);
    return toAuditEventPage(page);
  }
}
