import { type Caller, ListAuditEvents } from '@feather-identity/core';
import { HTTPValidationError } from '@feather-identity/shared-http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { ProtectedOperation } from '../protected-operation.decorator.js';
import { AUDIT_READ } from '../scopes.js';
import { AuditEventPage, toAuditEventPage } from './audit-event.response.js';
import { AuditEventsQuery } from './audit-events.query.js';

/** What happened in the caller's organization. */
@ApiTags('identity')
@Controller('v1/identity/audit-events')
export class AuditEventsController {
  constructor(private readonly listAuditEvents: ListAuditEvents) {}

  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events for the current organization, newest first',
  })
  @ApiResponse({ status: 200, description: 'Successful Response', type: AuditEventPage })
  @ApiResponse({ status: 422, description: 'Validation Error', type: HTTPValidationError })
  @ProtectedOperation(AUDIT_READ)
  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query() { limit, cursor, api_key_id: apiKeyId, type }: AuditEventsQuery,
  ): Promise<AuditEventPage> {
    return toAuditEventPage(
      await this.listAuditEvents.execute(caller.organization.id, { limit, cursor, apiKeyId, type }),
    );
  }
}
