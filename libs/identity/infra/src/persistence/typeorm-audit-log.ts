import { type AuditEvent, type AuditEventQuery, AuditLog } from '@feather-identity/core';
import type { SelectQueryBuilder } from 'typeorm';
import { statementOf } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { AuditEventRow, toAuditEvent, toAuditEventRow } from './tables/audit-events.js';

/** No id comes after it. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The audit log in SQLite or PostgreSQL. */
export class TypeOrmAuditLog extends AuditLog {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async append(event: AuditEvent): Promise<void> {
    const insert = this.storage.statements.insert(AuditEventRow, toAuditEventRow(event));
    await this.storage.write(function* () {
      yield insert;
    });
  }

  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const { limit, after = LAST_ID, apiKeyId, type } = query;
    const filters = Object.entries({ apiKeyId, type }).filter(([, value]) => value !== undefined);
    const columns = filters.map(([column]) => `event.${column}`);
    const marks = filters.map(([column]) => `:${column}`);
    // By the order of the index for just these filters: with equations alone either database may go through all events of
    // the organization instead, looking for those that match.
    const order = [...columns, 'event.id'];
    const select = this.select()
      .where('event.organizationId = :organizationId', { organizationId })
      .andWhere(`(${order.join(', ')}) < (${[...marks, ':after'].join(', ')})`, {
        after,
        ...Object.fromEntries(filters),
      })
      .orderBy(Object.fromEntries(order.map((column) => [column, 'DESC' as const])))
      .limit(limit);
    if (filters.length > 0) select.andWhere(`(${columns.join(', ')}) >= (${marks.join(', ')})`);
    return this.read(select);
  }

  override async listAll({ limit, after = LAST_ID }: Pick<AuditEventQuery, 'limit' | 'after'>): Promise<AuditEvent[]> {
    return this.read(this.select().where('event.id < :after', { after }).orderBy('event.id', 'DESC').limit(limit));
  }

  /** Selects events, each with the public part that its key had. */
  private select(): SelectQueryBuilder<AuditEventRow> {
    const { statements } = this.storage;
    // A value, and no join: a planner could begin with the secrets.
    const currentPrefix =
      `SELECT secret.key_prefix FROM ${statements.tables.apiKeySecrets} secret ` +
      'WHERE secret.api_key_id = event.apiKeyId AND secret.valid_until IS NULL ' +
      'AND secret.created_at <= event.occurredAt LIMIT 1';
    return statements
      .select(AuditEventRow, 'event')
      .addSelect(`COALESCE(event.keyPrefix, (${currentPrefix}))`, 'event_key_prefix_then');
  }

  private async read(select: SelectQueryBuilder<AuditEventRow>): Promise<AuditEvent[]> {
    const rows = await this.storage.read(statementOf(select));
    return [...rows].flatMap((row) => {
      const event = this.storage.statements.rowOf(AuditEventRow, 'event', row);
      return event === null
        ? []
        : [{ ...toAuditEvent(event), keyPrefix: row['event_key_prefix_then'] as string | null }];
    });
  }
}
