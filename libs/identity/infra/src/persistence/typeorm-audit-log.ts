import { type AuditEvent, type AuditEventQuery, AuditLog } from '@feather-identity/core';
import type { SelectQueryBuilder } from 'typeorm';
import { statementOf } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { AuditEventRow, toAuditEvent, toAuditEventRow } from './tables/audit-events.js';

/** No id comes before it. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** No id comes after it. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** How much the clock of an id and that of `occurredAt` may differ: by as much as a clock was set back. */
const MAX_CLOCK_DIFFERENCE_MS = 3_600_000;

/** The milliseconds of a UUIDv7 have 48 bits. */
const MAX_ID_MS = 2 ** 48 - 1;

type Filters = Readonly<Partial<Record<'apiKeyId' | 'type' | 'actorApiKeyId' | 'actorMemberId', string | undefined>>>;

/** The audit log in SQLite or PostgreSQL. */
export class TypeOrmAuditLog extends AuditLog {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async append(event: AuditEvent): Promise<void> {
    const insert = this.storage.statements.insert(AuditEventRow, toAuditEventRow(event));
    await this.storage.write('appendAuditEvent', function* () {
      yield insert;
    });
  }

  override async list(organizationId: string, query: AuditEventQuery): Promise<AuditEvent[]> {
    const { actor, apiKeyId, type, limit } = query;
    if (actor === undefined) return this.listWhere(organizationId, query, { apiKeyId, type });
    // Either has an index of its own. Other filters are applied to what that one finds.
    const byKey = await this.listWhere(organizationId, query, { actorApiKeyId: actor }, { apiKeyId, type });
    const byMember = await this.listWhere(organizationId, query, { actorMemberId: actor }, { apiKeyId, type });
    return [...byKey, ...byMember].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  }

  /**
   * @param indexed - columns of an index, in its order, that an event must have these values in
   * @param others - other columns that it must have these values in
   */
  private async listWhere(
    organizationId: string,
    { limit, after = LAST_ID, since, until }: AuditEventQuery,
    indexed: Filters,
    others: Filters = {},
  ): Promise<AuditEvent[]> {
    const filters = given(indexed);
    // With at least one column before the id: there is an index of the ids of all organizations, too.
    const places = filters.length === 0 ? [['organizationId', organizationId] as const] : filters;
    const columns = [...places.map(([column]) => column), 'id'].map((column) => `event.${column}`);
    const placeOf = (mark: string) => `(${[...places.map(([column]) => `:${column}`), mark].join(', ')})`;
    const end = until === undefined ? LAST_ID : idAt(until.getTime() + MAX_CLOCK_DIFFERENCE_MS);
    const begin = since === undefined ? FIRST_ID : idAt(since.getTime() - MAX_CLOCK_DIFFERENCE_MS);
    // By the order of the index for just these filters: with equations alone either database may go through all events of
    // the organization instead, looking for those that match.
    const select = this.select()
      .where('event.organizationId = :organizationId', { organizationId, ...Object.fromEntries(filters) })
      .andWhere(`(${columns.join(', ')}) < ${placeOf(':end')}`, { end: end < after ? end : after })
      .andWhere(`(${columns.join(', ')}) >= ${placeOf(':begin')}`, { begin })
      .orderBy(Object.fromEntries(columns.map((column) => [column, 'DESC' as const])))
      .limit(limit);
    if (since !== undefined) select.andWhere('event.occurredAt >= :since', { since });
    if (until !== undefined) select.andWhere('event.occurredAt < :until', { until });
    // So written that no planner takes the index of these columns instead.
    for (const [column, value] of given(others)) {
      select.andWhere(`(event.${column} = :${column}) IS TRUE`, { [column]: value });
    }
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

/** The filters that are wanted. */
function given(filters: Filters): [column: string, value: string][] {
  return Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

/** The first id that a UUIDv7 of this instant can be. */
function idAt(milliseconds: number): string {
  const bits = Math.min(Math.max(milliseconds, 0), MAX_ID_MS);
  const digits = bits.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}
