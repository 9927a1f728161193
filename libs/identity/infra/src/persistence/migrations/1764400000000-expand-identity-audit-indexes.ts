import { IndexMigration } from './index-migration.js';

/** One for each filter of the audit log that the primary key and `ix_audit_events_api_key` do not serve. */
export class ExpandIdentityAuditIndexes1764400000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityAuditIndexes1764400000000';

  protected readonly indexes = [
    { table: 'auditEvents', what: 'type', columns: ['organization_id', 'type', 'id'] },
    { table: 'auditEvents', what: 'api_key_type', columns: ['organization_id', 'api_key_id', 'type', 'id'] },
  ] as const;
}
