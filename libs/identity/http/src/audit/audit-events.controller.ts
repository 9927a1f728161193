import { type Caller, Clock, ListAuditEvents, TokenFormat } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { Get, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type HeaderResponse, nodeResponse } from '../header-response.js';
import { assertKeyPrefix, assertWholeKeyPrefix } from '../key-prefix.parameter.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { ListScheduler } from '../listing/list-scheduler.js';
import { InvalidLimit } from '../page.query.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { AUDIT_READ } from '../scopes.js';
import { AUDIT_PAGE_EXAMPLE, AuditEventPage, toAuditEventPage } from './audit-event.response.js';
import { EXPORT_RESPONSE, EXPORTS } from './audit-events.export.js';
import {
  AuditEventsExportParameters,
  AuditEventsExportQuery,
  AuditEventsParameters,
  AuditEventsQuery,
  filtersIn,
} from './audit-events.query.js';

/** What happened in the caller's organization. */
@IdentityController('audit-events', 'audit')
export class AuditEventsController {
  constructor(
    private readonly listAuditEvents: ListAuditEvents,
    private readonly lists: ListScheduler,
    private readonly tokenFormat: TokenFormat,
    private readonly clock: Clock,
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
    const { limit, cursor, key_prefix: keyPrefix } = query;
    assertKeyPrefix(keyPrefix, this.tokenFormat);
    const organizationId = caller.organization.id;
    const answer = nodeResponse(response);
    await this.lists.admit(organizationId, answer);
    const wanted = { limit, cursor: cursor || undefined, ...filtersIn(query) };
    const page = await this.lists.part(async () => {
      const found = await this.listAuditEvents.execute(organizationId, wanted);
      if (found.items.length === 0) assertWholeKeyPrefix(keyPrefix, this.tokenFormat);
      return found;
    });
    this.lists.endWhenStalled(answer);
    return toAuditEventPage(page);
  }

  @ProtectedOperation({
    operationId: 'exportAuditEvents',
    summary: 'Export audit events of the current organization, newest first',
    description:
      'All events that match the filters, as a file. It is streamed: a response that breaks off is incomplete. ' +
      'In CSV, `changes` is JSON, and a cell that a spreadsheet would take for a formula has an apostrophe before it.',
    scopes: [AUDIT_READ],
  })
  @ApiResponse(EXPORT_RESPONSE)
  @Invalid({
    type: 'literal_error',
    loc: ['query', 'format'],
    msg: "Input should be 'csv' or 'jsonl'",
    input: 'xml',
    ctx: { expected: "'csv' or 'jsonl'" },
  })
  @AuditEventsExportParameters()
  @Get('export')
  async export(
    @CurrentCaller() caller: Caller,
    @Query(new RequestPipe(AuditEventsExportQuery)) query: Readonly<AuditEventsExportQuery>,
    @Res({ passthrough: true }) response: HeaderResponse,
  ): Promise<StreamableFile> {
    const { format, key_prefix: keyPrefix } = query;
    assertKeyPrefix(keyPrefix, this.tokenFormat);
    const organizationId = caller.organization.id;
    const answer = nodeResponse(response);
    await this.lists.admit(organizationId, answer);
    const rest = this.listAuditEvents.parts(organizationId, filtersIn(query));
    const first = await this.lists.part(async () => {
      const part = await rest.next();
      const events = part.done === true ? [] : part.value;
      if (events.length === 0) assertWholeKeyPrefix(keyPrefix, this.tokenFormat);
      return events;
    });
    const { type, heading, toText } = EXPORTS[format];
    const date = this.clock.now().toISOString().slice(0, 10);
    const disposition = `attachment; filename="audit-events-${date}.${format}"`;
    return this.lists.sendText(answer, { type, disposition }, { first: heading + toText(first), rest, toText });
  }
}
