import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { isKeyPrefix } from '../../domain/key-prefix.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { ApiKeyRepository } from '../ports/api-key-repository.js';
import type { AuditLog } from '../ports/audit-log.js';

/** Events that are read at once where all of them are wanted. */
const EVENTS_AT_ONCE = 100;

/** Which events are wanted. */
export interface AuditEventFilters {
  /** Default: events about any key, and about none. */
  readonly apiKeyId?: string | undefined;
  /** Only events about keys that have or had a secret with this public part. Default: all. */
  readonly keyPrefix?: string | undefined;
  /** Default: events of every type. */
  readonly type?: AuditEventType | undefined;
  /** Only what this key did, or this member, also by a key. Default: what anybody did. */
  readonly actor?: string | undefined;
  /** Only what happened at this instant or later. */
  readonly since?: Date | undefined;
  /** Only what happened before this instant. */
  readonly until?: Date | undefined;
}

/** The part of the audit log that is wanted. */
export interface ListAuditEventsRequest extends AuditEventFilters {
  /** The most events that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the newest events. */
  readonly cursor?: string | undefined;
}

/** Lists the audit log of one organization, newest first. */
export class ListAuditEvents {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly apiKeys: ApiKeyRepository,
  ) {}

  /** @throws IdentityError `cursor.invalid` */
  async execute(organizationId: string, request: ListAuditEventsRequest): Promise<Page<AuditEvent>> {
    const { limit, cursor, type, actor, since, until } = request;
    const after = cursor === undefined ? undefined : fromCursor(cursor).id;
    const ids = await this.apiKeyIds(organizationId, request);
    const list = (apiKeyId: string | undefined) =>
      this.auditLog.list(organizationId, { limit: limit + 1, after, apiKeyId, type, actor, since, until });
    const found = (await Promise.all(ids.map(list))).flat();
    if (ids.length > 1) found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = found.slice(0, limit).map(withKeyPrefix);
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { items, next: hasMore ? toCursor({ createdAt: last.occurredAt, id: last.id }) : null };
  }

  /** All events that are wanted, in parts, each read when it is asked for. */
  async *parts(organizationId: string, filters: AuditEventFilters): AsyncGenerator<readonly AuditEvent[], void> {
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await this.execute(organizationId, { ...filters, limit: EVENTS_AT_ONCE, cursor });
      yield page.items;
      cursor = page.next;
    }
  }

  /** The keys whose events are wanted; one that is undefined stands for all. */
  private async apiKeyIds(
    organizationId: string,
    { apiKeyId, keyPrefix }: AuditEventFilters,
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
