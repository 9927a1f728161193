import { type AuditEvent, type AuditEventQuery, AuditLog } from '@feather-identity/core';
import { LessThan } from 'typeorm';
import { toAuditEvent, toAuditEventRow } from './mappers/audit-event.mapper.js';
import { AuditEventRow } from './rows/audit-event.row.js';
import { statementOf } from './statement.js';
import type { Storage } from './storage.js';

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
    const { limit, after, apiKeyId, type } = query;
    const where = {
      organizationId,
      ...(after === undefined ? {} : { id: LessThan(after) }),
      ...(apiKeyId === undefined ? {} : { apiKeyId }),
      ...(type === undefined ? {} : { type }),
    };
    const { statements } = this.storage;
    const select = statements.select(AuditEventRow, 'event').where(where).orderBy('event.id', 'DESC').limit(limit);
    const rows = await this.storage.read(statementOf(select));
    return statements.rowsOf(AuditEventRow, 'event', rows).map(toAuditEvent);
  }
}
