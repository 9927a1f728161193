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
      operatorKeyId: { type: types.id, name: 'operator_key_id', nullable: true },
      keyPrefix: { type: 'text', name: 'key_prefix', nullable: true },
      changes: { type: 'text', name: 'changes' },
    },
  });
}

/** The event of a row. The operator caused it, on the command line. */
export function toOperatorEvent(row: OperatorEventRow): OperatorEvent {
  return {
    id: row.id,
    type: row.type,
    occurredAt: row.occurredAt,
    actor: { ...OPERATOR, name: row.actorName },
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
    operatorKeyId: event.apiKeyId,
    keyPrefix: event.keyPrefix,
    changes: JSON.stringify(event.changes),
  };
}
