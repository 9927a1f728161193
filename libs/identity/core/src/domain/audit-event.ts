import type { Actor } from './actor.js';

/** What the audit log records. */
export const AUDIT_EVENT_TYPES = [
  'api_key.created',
  'api_key.imported',
  'api_key.updated',
  'api_key.disabled',
  'api_key.enabled',
  'api_key.rotated',
  'api_key.revoked',
  'escalation.denied',
  'organization.created',
  'organization.bootstrapped',
  'policy.updated',
] as const;

/** A kind of event, `noun.participle`. */
export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** A value that was changed, as it is shown to clients. */
export type AuditedValue = string | number | boolean | null | readonly string[];

/** One entry of the audit log. It never holds a secret, nor anything that verifies one. */
export interface AuditEvent {
  /** UUIDv7: events are sorted by it. */
  readonly id: string;
  readonly organizationId: string;
  readonly type: AuditEventType;
  readonly occurredAt: Date;
  readonly actor: Actor;
  /** The key that was changed; null where the event is about none. */
  readonly apiKeyId: string | null;
  /** New values by the names that clients know the fields by. */
  readonly changes: Readonly<Record<string, AuditedValue>>;
}
