import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { isKeyPrefix } from '../../domain/key-prefix.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';
import type { AuditLog } from '../ports/audit-log.js';

/** The part of the audit log that is wanted. */
export interface ListAuditEventsRequest {
  /** The most events that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the newest events. */
  readonly cursor?: string | undefined;
  /** Default: events about any key, and about none. */
  readonly apiKeyId?: string | undefined;
  /** Only events about keys that have or had a secret with this public part. Default: all. */
  readonly keyPrefix?: string | undefined;
  /** Default: events of every type. */
  readonly type?: AuditEventType | undefined;
}

/** Lists the audit log of one organization, newest first. */
export class ListAuditEvents {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly apiKeys: ApiKeyRepository,
  ) {}

  /** @throws IdentityError `cursor.invalid` */
  async execute(organizationId: string, request: ListAuditEventsRequest): Promise<Page<AuditEvent>> {
    const { limit, cursor, type } = request;
    const after = cursor === undefined ? undefined : fromCursor(cursor).id;
    const ids = await this.apiKeyIds(organizationId, request);
    const list = (apiKeyId: string | undefined) =>
      this.auditLog.list(organizationId, { limit: limit + 1, after, apiKeyId, type });
    const found = (await Promise.all(ids.map(list))).flat();
    if (ids.length > 1) found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = found.slice(0, limit).map(withKeyPrefix);
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { items, next: hasMore ? toCursor({ createdAt: last.occurredAt, id: last.id }) : null };
  }

  /** The keys whose events are wanted; one that is undefined stands for all. */
  private async apiKeyIds(
    organizationId: string,
    { apiKeyId, keyPrefix }: ListAuditEventsRequest,
  ): Promise<readonly (string | undefined)[]> {
    if (keyPrefix === undefined) return [apiKeyId];
    const found = isKeyPrefix(keyPrefix) ? await this.apiKeys.findByKeyPrefix(organizationId, keyPrefix) : [];
    return found.map(({ id }) => id).filter((id) => apiKeyId === undefined || id === apiKeyId);
  }
}

/** Versions before stored the public part of some events in their changes alone. */
function withKeyPrefix(event: AuditEvent): AuditEvent {
  const { key_prefix: changed } = event.changes;
  return event.keyPrefix === null && typeof changed === 'string' ? { ...event, keyPrefix: changed } : event;
}
