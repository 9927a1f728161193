import { OPERATOR, type OperatorEvent } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import { changesOf } from './audit-events.js';
import type { TableOptions } from './columns.js';

/** A row of `operator_events`: they have a table of their own, since those of `audit_events` belong to organizations. */
export class OperatorEventRow {
  id!: string;
  type!: OperatorEvent['type'];
  occurredAt!: Date;
  actorName!: string | null;
  /** The operator key that caused it; null in rows of versions before, and for the operator. */
  actorKeyId!: string | null;
  requestId!: string | null;
  sourceAddress!: string | null;
  operatorKeyId!: string | null;
  keyPrefix!: string | null;
  /** JSON object. */
  changes!: string;
}

/** How `OperatorEventRow` is stored. */
export function operatorEventSchema({ types, placedIn }: TableOptions): EntitySchema<OperatorEventRow> {
  return new EntitySchema<OperatorEventRow>({
    name: 'OperatorEventRow',
    target: OperatorEventRow,
    ...placedIn('operator_events'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      type: { type: 'text', name: 'type' },
      occurredAt: { type: types.instant, name: 'occurred_at' },
      actorName: { type: 'text', name: 'actor_name', nullable: true },
      actorKeyId: { type: types.id, name: 'actor_key_id', nullable: true },
      requestId: { type: 'text', name: 'request_id', nullable: true },
      sourceAddress: { type: 'text', name: 'source_address', nullable: true },
      operatorKeyId: { type: types.id, name: 'operator_key_id', nullable: true },
      keyPrefix: { type: 'text', name: 'key_prefix', nullable: true },
      changes: { type: 'text', name: 'changes' },
    },
  });
}

/** The event of a row. An operator caused it. */
export function toOperatorEvent(row: OperatorEventRow): OperatorEvent {
  return {
    id: row.id,
    type: row.type,
    occurredAt: row.occurredAt,
    actor: {
      ...OPERATOR,
      name: row.actorName,
      apiKeyId: row.actorKeyId,
      requestId: row.requestId,
      sourceAddress: row.sourceAddress,
    },
    apiKeyId: row.operatorKeyId,
    keyPrefix: row.keyPrefix,
    changes: changesOf(row.changes),
  };
}

/** The row of an event. */
export function toOperatorEventRow(event: OperatorEvent): OperatorEventRow {
  return {
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    actorName: event.actor.name,
    actorKeyId: event.actor.apiKeyId,
    requestId: event.actor.requestId,
    sourceAddress: event.actor.sourceAddress,
    operatorKeyId: event.apiKeyId,
    keyPrefix: event.keyPrefix,
    changes: JSON.stringify(event.changes),
  };
}
