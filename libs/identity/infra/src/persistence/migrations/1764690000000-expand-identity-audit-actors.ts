import { IndexMigration } from './index-migration.js';

/** Finds the events of what a key or a member did. */
export class ExpandIdentityAuditActors1764690000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityAuditActors1764690000000';

  protected readonly indexes = [
    { table: 'auditEvents', what: 'actor_key', columns: ['organization_id', 'actor_api_key_id', 'id'] },
    { table: 'auditEvents', what: 'actor_member', columns: ['organization_id', 'actor_member_id', 'id'] },
  ] as const;
}
