import {
  AUDIT_EVENT_TYPES,
  ListAuditEvents,
  ListInstallationEvents,
  OPERATOR_EVENT_TYPES,
} from '@feather-identity/core';
import { Optional, RequestPipe } from '@feather-identity/shared-http';
import { Get, Query } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { AUDIT_PAGE_EXAMPLE, AuditEventResponse, toAuditEventResponse } from '../../audit/audit-event.response.js';
import { EXAMPLE } from '../../openapi-examples.js';
import { nullableUuid } from '../../openapi-types.js';
import { QueryParameter } from '../../query-parameter.decorator.js';
import { ApiTitledSchema } from '../../titled-schema.decorator.js';
import { OperatorController, OperatorOperation } from '../operator-controller.decorator.js';
import { hasMoreProperty, nextCursorProperty, PageParameters, PageQuery, InvalidLimit } from '../../page.query.js';

/** An event of any organization, or of the installation. */
@ApiTitledSchema(
  'InstallationEventResponse',
  'An event of an organization, or with ``organization_id`` null of the operator keys: then ``api_key_id`` is ' +
    'that of one.',
)
class InstallationEventResponse extends AuditEventResponse {
  @ApiProperty({
    type: 'string',
    enum: [...new Set([...AUDIT_EVENT_TYPES, ...OPERATOR_EVENT_TYPES])],
    title: 'Type',
    description: 'What happened.',
    examples: ['organization.created'],
  })
  declare readonly type: never;
  @ApiProperty({
    ...nullableUuid,
    title: 'Organization Id',
    description: 'The organization of the event, which may be deleted. Null: none.',
    examples: [EXAMPLE.organizationId],
  })
  readonly organization_id!: string | null;
}

/** A page of the audit log of all organizations. */
@ApiTitledSchema('InstallationEventPage', 'A part of the audit log.')
class InstallationEventPage {
  @ApiProperty({ type: [InstallationEventResponse], title: 'Items', description: 'The events, newest first.' })
  readonly items!: readonly (Omit<AuditEventResponse, 'type'> & { readonly organization_id: string | null })[];
  @ApiProperty(hasMoreProperty)
  readonly has_more!: boolean;
  @ApiProperty(nextCursorProperty)
  readonly next_cursor!: string | null;
}

/** Which part of the audit log to list. */
class InstallationEventsQuery extends PageQuery {
  @Optional()
  @IsUUID()
  readonly organization_id?: string;
}

/** What happened in all organizations. */
@OperatorController('audit-events')
export class OperatorAuditController {
  constructor(
    private readonly listInstallationEvents: ListInstallationEvents,
    private readonly listAuditEvents: ListAuditEvents,
  ) {}

  @OperatorOperation({
    operationId: 'listInstallationEvents',
    summary: 'List audit events of all organizations and of the operator keys, newest first',
    description: 'Also those of organizations that were deleted.',
    scope: 'audit:read',
    refusals: { 400: { cursor_invalid: 'cursor must be one that this list has returned.' } },
  })
  @ApiResponse({
    status: 200,
    description: 'Successful Response',
    type: InstallationEventPage,
    example: Object.assign({}, AUDIT_PAGE_EXAMPLE, {
      items: AUDIT_PAGE_EXAMPLE.items.map((event) =>
        Object.assign({}, event, { organization_id: EXAMPLE.organizationId }),
      ),
    }),
  })
  @InvalidLimit()
  @PageParameters()
  @QueryParameter(
    'organization_id',
    { format: 'uuid', title: 'Organization Id', type: 'string', examples: [EXAMPLE.organizationId] },
    'Only events of this organization, which may be deleted.',
  )
  @Get()
  async list(
    @Query(new RequestPipe(InstallationEventsQuery)) query: Readonly<InstallationEventsQuery>,
  ): Promise<InstallationEventPage> {
    const { limit, cursor, organization_id: organizationId } = query;
    const wanted = { limit, cursor: cursor || undefined };
    const { items, next } =
      organizationId === undefined
        ? await this.listInstallationEvents.execute(wanted)
        : await this.listAuditEvents.execute(organizationId, wanted);
    return {
      items: items.map((event) => ({
        ...toAuditEventResponse(event),
        organization_id: event.organizationId ?? null,
      })),
      has_more: next !== null,
      next_cursor: next,
    };
  }
}
