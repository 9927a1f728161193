import type { Actor, AuditEventType } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { RowStorage } from './row-storage.js';

/** A row of `audit_events`. */
export class AuditEventRow {
  organizationId!: string;
  id!: string;
  type!: AuditEventType;
  occurredAt!: Date;
  actorType!: Actor['type'];
  actorApiKeyId!: string | null;
  actorMemberId!: string | null;
  requestId!: string | null;
  sourceAddress!: string | null;
  apiKeyId!: string | null;
  /** JSON object. */
  changes!: string;
}

/** How `AuditEventRow` is stored. */
export function auditEventSchema({ types, placedIn }: RowStorage): EntitySchema<AuditEventRow> {
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
      actorApiKeyId: { type: types.id, name: 'actor_api_key_id', nullable: true },
      actorMemberId: { type: types.id, name: 'actor_member_id', nullable: true },
      requestId: { type: 'text', name: 'request_id', nullable: true },
      sourceAddress: { type: 'text', name: 'source_address', nullable: true },
      apiKeyId: { type: types.id, name: 'api_key_id', nullable: true },
      changes: { type: 'text', name: 'changes' },
    },
  });
}
