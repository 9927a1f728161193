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
import { EXAMPLE } from '../openapi-examples.js';
import { nullableString, nullableUuid } from '../openapi-types.js';
import { hasMoreProperty, nextCursorProperty } from '../page.query.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';

const ACTORS = ['api_key', 'member', 'operator', 'system'] as const satisfies Actor['type'][];

/** Who did what to which key, from where. */
@ApiTitledSchema(
  'AuditEventResponse',
  '``changes`` holds the new values of the fields that were changed; of a denied escalation, those that were ' +
    'asked for.\n' +
    '``key_prefix`` is that of the secret which the event is about, of a rotation the new one. ``actor_name`` is ' +
    'the operating\n' +
    "system's name of an operator, or the name of the operator key.",
)
export class AuditEventResponse {
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    title: 'Id',
    description: 'Identifies the event.',
    examples: [EXAMPLE.eventId],
  })
  readonly id!: string;
  @ApiProperty({
    type: 'string',
    enum: AUDIT_EVENT_TYPES,
    title: 'Type',
    description: 'What happened.',
    examples: ['api_key.created'],
  })
  readonly type!: AuditEventType;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Occurred At',
    description: 'When it happened.',
    examples: [EXAMPLE.createdAt],
  })
  readonly occurred_at!: string;
  @ApiProperty({
    type: 'string',
    enum: ACTORS,
    title: 'Actor Type',
    description:
      'Who did it: a key, a user of the application that keeps the keys (`member`), an operator, on the command ' +
      'line or ' +
      'by an operator key, or the service itself (`system`).',
    examples: ['api_key'],
  })
  readonly actor_type!: Actor['type'];
  @ApiProperty({
    ...nullableString,
    title: 'Actor Name',
    description:
      "The operating system's name of an operator, or the name of the operator key. Null: it was no operator, or nobody " +
      'said the name.',
    examples: ['ada'],
  })
  readonly actor_name!: string | null;
  @ApiProperty({
    ...nullableUuid,
    title: 'Actor Api Key Id',
    description: 'The key that did it. Null: it was no key.',
    examples: [EXAMPLE.ownerKeyId],
  })
  readonly actor_api_key_id!: string | null;
  @ApiProperty({
    ...nullableUuid,
    title: 'Actor User Id',
    description: 'The member who did it, or to whom that key belongs. Null: it was neither.',
    examples: [EXAMPLE.memberId],
  })
  readonly actor_user_id!: string | null;
  @ApiProperty({
    ...nullableUuid,
    title: 'Api Key Id',
    description: 'The key that the event is about. Null: none.',
    examples: [EXAMPLE.keyId],
  })
  readonly api_key_id!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'Key Prefix',
    description: 'The public part of the secret that the event is about; for a rotation, of the new one. Null: none.',
    examples: [EXAMPLE.keyPrefix],
  })
  readonly key_prefix!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'Request Id',
    description: 'The `X-Request-Id` of the answer. Null: there was no request.',
    examples: [EXAMPLE.requestId],
  })
  readonly request_id!: string | null;
  @ApiProperty({
    ...nullableString,
    title: 'Source Address',
    description: 'The address that the request came from. Null: there was no request.',
    examples: [EXAMPLE.address],
  })
  readonly source_address!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    title: 'Changes',
    description: 'The new values, by the names of the fields.',
    examples: [{ name: EXAMPLE.name, scopes: EXAMPLE.scopes }],
  })
  readonly changes!: Readonly<Record<string, AuditedValue>>;
}

/** A page of the audit log. */
@ApiTitledSchema('AuditEventPage', 'A part of the audit log.')
export class AuditEventPage {
  @ApiProperty({ type: [AuditEventResponse], title: 'Items', description: 'The events, newest first.' })
  readonly items!: readonly AuditEventResponse[];
  @ApiProperty(hasMoreProperty)
  readonly has_more!: boolean;
  @ApiProperty(nextCursorProperty)
  readonly next_cursor!: string | null;
}

/** A page of the examples. */
export const AUDIT_PAGE_EXAMPLE: AuditEventPage = {
  items: [
    {
      id: EXAMPLE.eventId,
      type: 'api_key.created',
      occurred_at: EXAMPLE.createdAt,
      actor_type: 'api_key',
      actor_name: null,
      actor_api_key_id: EXAMPLE.ownerKeyId,
      actor_user_id: EXAMPLE.memberId,
      api_key_id: EXAMPLE.keyId,
      key_prefix: EXAMPLE.keyPrefix,
      request_id: EXAMPLE.requestId,
      source_address: EXAMPLE.address,
      changes: { name: EXAMPLE.name, scopes: EXAMPLE.scopes, expires_at: EXAMPLE.expiresAt },
    },
  ],
  has_more: true,
  next_cursor: EXAMPLE.cursor,
};

/** The response for a page. */
export function toAuditEventPage({ items, next }: Page<AuditEvent>): AuditEventPage {
  return { items: items.map(toAuditEventResponse), has_more: next !== null, next_cursor: next };
}

/** The response for an event, field by field. */
export function toAuditEventResponse<Type extends string>(
  event: Omit<AuditEvent, 'organizationId' | 'type'> & { readonly type: Type },
): Omit<AuditEventResponse, 'type'> & { readonly type: Type } {
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
