import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';

/** Which events are wanted: the newest ones first, from behind the event `after`. */
export interface AuditEventQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly type?: AuditEventType | undefined;
}

/**
 * What happened in an organization. The event of a change is written by the repository that makes the change, in the same
 * transaction; here are those that belong to none, and the reading. Same outage promises as `ApiKeyRepository`.
 */
export abstract class AuditLog {
  /** Durable when the promise resolves. */
  abstract append(event: AuditEvent): Promise<void>;

  /** The organization's events, newest first by id, at most `limit`. */
  abstract list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]>;
}
