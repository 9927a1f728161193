import type { Actor, AuditEvent, AuditEventType } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { Dialect, TableOptions } from './columns.js';

/** A row of `audit_events`. */
export class AuditEventRow {
  organizationId!: string;
  id!: string;
  type!: AuditEventType;
  occurredAt!: Date;
  actorType!: Actor['type'];
  /** Of an operator; null in rows of versions before. */
  actorName!: string | null;
  actorApiKeyId!: string | null;
  actorMemberId!: string | null;
  requestId!: string | null;
  sourceAddress!: string | null;
  apiKeyId!: string | null;
  /** Null in rows of versions before, and of denied escalations. */
  keyPrefix!: string | null;
  /** JSON object. */
  changes!: string;
}

/**
 * SQL for the public part that the changes of a rotation name. `ix_audit_events_rotated_to` is an index of just these
 * expressions: another one would need another index.
 */
export const ROTATED_TO: Readonly<Record<Dialect, string>> = {
  // Damaged text has none, and fails nothing.
  'better-sqlite3': "CASE WHEN json_valid(changes) THEN json_extract(changes, '$.key_prefix') END",
  // Inside of another value, such as a name, JSON escapes the quotes.
  postgres: `substring(changes, '"key_prefix":"([^"]+)"')`,
};

/** How `AuditEventRow` is stored. */
export function auditEventSchema({ types, placedIn }: TableOptions): EntitySchema<AuditEventRow> {
  return new EntitySchema<AuditEventRow>({
    name: 'AuditEventRow',
    target: AuditEventRow,
    ...placedIn('audit_events'),
    columns: {
      organizationId: { type: types.id, name: 'organization_id', primary: true },
      id: { type: types.id, name: 'id', primary: true },
      type: { type: 'text', name: 'type' },
      occurredAt: { type: types.instant, name: 'occurred_at' },
      actorType: { type: 'text', name: 'actor_type' },
      actorName: { type: 'text', name: 'actor_name', nullable: true },
      actorApiKeyId: { type: types.id, name: 'actor_api_key_id', nullable: true },
      actorMemberId: { type: types.id, name: 'actor_member_id', nullable: true },
      requestId: { type: 'text', name: 'request_id', nullable: true },
      sourceAddress: { type: 'text', name: 'source_address', nullable: true },
      apiKeyId: { type: types.id, name: 'api_key_id', nullable: true },
      keyPrefix: { type: 'text', name: 'key_prefix', nullable: true },
      changes: { type: 'text', name: 'changes' },
    },
  });
}

/** The event of a row. */
export function toAuditEvent(row: AuditEventRow): AuditEvent {
  return {
    id: row.id,
    organizationId: row.organizationId,
    type: row.type,
    occurredAt: row.occurredAt,
    actor: {
      type: row.actorType,
      name: row.actorName,
      apiKeyId: row.actorApiKeyId,
      memberId: row.actorMemberId,
      requestId: row.requestId,
      sourceAddress: row.sourceAddress,
    },
    apiKeyId: row.apiKeyId,
    keyPrefix: row.keyPrefix,
    changes: changesOf(row.changes),
  };
}

/** A text that somebody has damaged hides no other event. */
export function changesOf(text: string): AuditEvent['changes'] {
  try {
    return JSON.parse(text) as AuditEvent['changes'];
  } catch {
    return {};
  }
}

/** The row of an event. */
export function toAuditEventRow(event: AuditEvent): AuditEventRow {
  return {
    organizationId: event.organizationId,
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    actorType: event.actor.type,
    actorName: event.actor.name,
    actorApiKeyId: event.actor.apiKeyId,
    actorMemberId: event.actor.memberId,
    requestId: event.actor.requestId,
    sourceAddress: event.actor.sourceAddress,
    apiKeyId: event.apiKeyId,
    keyPrefix: event.keyPrefix,
    changes: JSON.stringify(event.changes),
  };
}
