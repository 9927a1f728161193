import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';

/** Which events to list: newest first, beginning after the event `after`. */
export interface AuditEventQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly type?: AuditEventType | undefined;
  /** The key that did it, or the member who did it or to whom that key belongs. */
  readonly actor?: string | undefined;
  /** Not before this instant. */
  readonly since?: Date | undefined;
  /** Before this instant. */
  readonly until?: Date | undefined;
}

/**
 * The events of all organizations. A repository writes the event of a change together with the change, in one transaction.
 * This port reads events, and appends those that belong to no change. It fails as `ApiKeyRepository` does.
 */
export abstract class AuditLog {
  /** Stores the event. It is durable when the promise resolves. */
  abstract append(event: AuditEvent): Promise<void>;

  /**
   * The organization's events, newest first by id, at most `limit`. An event that was stored without a public part has that
   * of its key's current secret, if it was the current one already when the event happened.
   *
   * With `since` or `until`, an event may be left out whose id was made by a clock that differed from `occurredAt` by more
   * than an hour.
   */
  abstract list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]>;

  /** The events of all organizations, deleted ones too, told as by `list`; newest first by id, at most `limit`. */
  abstract listAll(query: Pick<AuditEventQuery, 'limit' | 'after'>): Promise<AuditEvent[]>;
}
