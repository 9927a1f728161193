import { type AuditEventQuery, AuditLog } from '../../application/ports/audit-log.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { copyEvent } from './copies.js';
import type { InMemoryStore } from './in-memory-store.js';

/** The audit log in memory, with every promise of the port but durability. */
export class InMemoryAuditLog extends AuditLog {
  constructor(readonly store: InMemoryStore) {
    super();
  }

  override async append(event: AuditEvent): Promise<void> {
    this.store.addEvent(event);
  }

  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const { limit, after, apiKeyId, type, actor, since, until } = query;
    return this.store.auditEvents
      .filter((event) => event.organizationId === organizationId)
      .filter((event) => after === undefined || event.id < after)
      .filter((event) => apiKeyId === undefined || event.apiKeyId === apiKeyId)
      .filter((event) => type === undefined || event.type === type)
      .filter(({ actor: who }) => actor === undefined || who.apiKeyId === actor || who.memberId === actor)
      .filter(({ occurredAt }) => since === undefined || occurredAt >= since)
      .filter(({ occurredAt }) => until === undefined || occurredAt < until)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit)
      .map((event) => copyEvent({ ...event, keyPrefix: event.keyPrefix ?? this.currentPrefix(event) }));
  }

  override async listAll({ limit, after }: Pick<AuditEventQuery, 'limit' | 'after'>): Promise<AuditEvent[]> {
    return this.store.auditEvents
      .filter((event) => after === undefined || event.id < after)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit)
      .map((event) => copyEvent({ ...event, keyPrefix: event.keyPrefix ?? this.currentPrefix(event) }));
  }

  private currentPrefix({ apiKeyId, occurredAt }: AuditEvent): string | null {
    const current = [...this.store.secrets.values()].find(
      (secret) => secret.apiKeyId === apiKeyId && secret.validUntil === null && secret.createdAt <= occurredAt,
    );
    return current?.keyPrefix ?? null;
  }
}
