import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { AuditLog } from '../ports/audit-log.js';

/** The part of the audit log that is wanted. */
export interface ListAuditEventsRequest {
  /** The most events that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the newest events. */
  readonly cursor?: string | undefined;
  /** Default: events about any key, and about none. */
  readonly apiKeyId?: string | undefined;
  /** Default: events of every type. */
  readonly type?: AuditEventType | undefined;
}

/** Lists the audit log of one organization, newest first. */
export class ListAuditEvents {
  constructor(private readonly auditLog: AuditLog) {}

  /** @throws IdentityError `cursor.invalid` */
  async execute(organizationId: string, request: ListAuditEventsRequest): Promise<Page<AuditEvent>> {
    const { limit, cursor, apiKeyId, type } = request;
    const after = cursor === undefined ? undefined : fromCursor(cursor).id;
    const found = await this.auditLog.list(organizationId, { limit: limit + 1, after, apiKeyId, type });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { items, next: hasMore ? toCursor({ createdAt: last.occurredAt, id: last.id }) : null };
  }
}
