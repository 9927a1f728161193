import type { Actor } from './actor.js';

/** The types of events in the audit log. */
export const AUDIT_EVENT_TYPES = [
  'api_key.created',
  'api_key.imported',
  'api_key.updated',
  'api_key.disabled',
  'api_key.enabled',
  'api_key.rotated',
  'api_key.revoked',
  'api_key.address_refused',
  'console_link.created',
  'console_session.opened',
  'console_session.ended',
  'escalation.denied',
  'member.created',
  'member.updated',
  'member.disabled',
  'member.enabled',
  'member.removed',
  'organization.created',
  'organization.bootstrapped',
  'organization.updated',
  'organization.disabled',
  'organization.enabled',
  'organization.deleted',
  'policy.updated',
] as const;

/** One of `AUDIT_EVENT_TYPES`, spelled `noun.participle`. */
export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** A new value, as clients see it. */
export type AuditedValue = string | number | boolean | null | readonly string[];

/** One entry of the audit log. It never contains a secret or its verifiers. */
export interface AuditEvent {
  /** UUIDv7: events are sorted by it. */
  readonly id: string;
  readonly organizationId: string;
  readonly type: AuditEventType;
  readonly occurredAt: Date;
  readonly actor: Actor;
  /** The key that the event is about; null if it is about none. */
  readonly apiKeyId: string | null;
  /** The public part of the secret that the event is about, of a rotation the new one; null if it is about none. */
  readonly keyPrefix: string | null;
  /** The new values, by the names of the fields in the API. */
  readonly changes: Readonly<Record<string, AuditedValue>>;
}
