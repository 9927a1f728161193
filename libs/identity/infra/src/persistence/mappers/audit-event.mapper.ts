import type { AuditEvent } from '@feather-identity/core';
import type { AuditEventRow } from '../rows/audit-event.row.js';

/** The event of a row. */
export function toAuditEvent(row: AuditEventRow): AuditEvent {
  return {
    id: row.id,
    organizationId: row.organizationId,
    type: row.type,
    occurredAt: row.occurredAt,
    actor: {
      type: row.actorType,
      apiKeyId: row.actorApiKeyId,
      memberId: row.actorMemberId,
      requestId: row.requestId,
      sourceAddress: row.sourceAddress,
    },
    apiKeyId: row.apiKeyId,
    changes: JSON.parse(row.changes) as AuditEvent['changes'],
  };
}

/** The row of an event. */
export function toAuditEventRow(event: AuditEvent): AuditEventRow {
  return {
    organizationId: event.organizationId,
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    actorType: event.actor.type,
    actorApiKeyId: event.actor.apiKeyId,
    actorMemberId: event.actor.memberId,
    requestId: event.actor.requestId,
    sourceAddress: event.actor.sourceAddress,
    apiKeyId: event.apiKeyId,
    changes: JSON.stringify(event.changes),
  };
}
