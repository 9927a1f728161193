import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { AuditLog } from '../ports/audit-log.js';

/** Which part of the audit log is wanted. */
export interface ListAuditEventsRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly type?: AuditEventType | undefined;
}

/** The audit log of one organization, newest first. Throws `cursor.invalid`. */
export class ListAuditEvents {
  constructor(private readonly auditLog: AuditLog) {}

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
