import {
  type Actor,
  AUDIT_EVENT_TYPES,
  type AuditedValue,
  type AuditEvent,
  type AuditEventType,
  type Page,
} from '@feather-identity/core';
import { ApiProperty } from '@nestjs/swagger';
import { formatInstant } from '../instant.js';
import { nullableString, nullableUuid } from '../openapi-types.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

const ACTORS = ['api_key', 'operator', 'system'] as const satisfies Actor['type'][];

/** Who did what to which key, from where. */
@ApiTitledSchema(
  'AuditEventResponse',
  '``changes`` holds the new values of the fields that were changed; of a denied escalation, those that were asked for.\n' +
    '``key_prefix`` is that of the secret which the event is about, of a rotation the new one. ``actor_name`` is the operating\n' +
    "system's name of an operator.",
)
export class AuditEventResponse {
  @ApiProperty({ type: 'string', format: 'uuid', title: 'Id' })
  readonly id!: string;
  @ApiProperty({ type: 'string', enum: AUDIT_EVENT_TYPES, title: 'Type' })
  readonly type!: AuditEventType;
  @ApiProperty({ type: 'string', format: 'date-time', title: 'Occurred At' })
  readonly occurred_at!: string;
  @ApiProperty({ type: 'string', enum: ACTORS, title: 'Actor Type' })
  readonly actor_type!: Actor['type'];
  @ApiProperty({ ...nullableString, title: 'Actor Name' })
  readonly actor_name!: string | null;
  @ApiProperty({ ...nullableUuid, title: 'Actor Api Key Id' })
  readonly actor_api_key_id!: string | null;
  @ApiProperty({ ...nullableUuid, title: 'Actor User Id' })
  readonly actor_user_id!: string | null;
  @ApiProperty({ ...nullableUuid, title: 'Api Key Id' })
  readonly api_key_id!: string | null;
  @ApiProperty({ ...nullableString, title: 'Key Prefix' })
  readonly key_prefix!: string | null;
  @ApiProperty({ ...nullableString, title: 'Request Id' })
  readonly request_id!: string | null;
  @ApiProperty({ ...nullableString, title: 'Source Address' })
  readonly source_address!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, title: 'Changes' })
  readonly changes!: Readonly<Record<string, AuditedValue>>;
}

/** A page of the audit log. */
@ApiTitledSchema('AuditEventPage')
export class AuditEventPage {
  @ApiProperty({ type: [AuditEventResponse], title: 'Items' })
  readonly items!: readonly AuditEventResponse[];
  @ApiProperty({ type: 'boolean', title: 'Has More' })
  readonly has_more!: boolean;
  @ApiProperty({ ...nullableString, title: 'Next Cursor' })
  readonly next_cursor!: string | null;
}

/** The response for a page. */
export function toAuditEventPage({ items, next }: Page<AuditEvent>): AuditEventPage {
  return { items: items.map(toAuditEventResponse), has_more: next !== null, next_cursor: next };
}

function toAuditEventResponse(event: AuditEvent): AuditEventResponse {
  const { actor } = event;
  return {
    id: event.id,
    type: event.type,
    occurred_at: formatInstant(event.occurredAt),
    actor_type: actor.type,
    actor_name: actor.name,
    actor_api_key_id: actor.apiKeyId,
    actor_user_id: actor.memberId,
    api_key_id: event.apiKeyId,
    key_prefix: event.keyPrefix,
    request_id: actor.requestId,
    source_address: actor.sourceAddress,
    changes: toShownChanges(event.changes),
  };
}

/** Instants look as they do everywhere in this API. */
function toShownChanges(changes: AuditEvent['changes']): AuditEvent['changes'] {
  const { expires_at: end } = changes;
  return typeof end === 'string' ? { ...changes, expires_at: formatInstant(new Date(end)) } : changes;
}
