import { IndexMigration } from './index-migration.js';

/**
 * The events of all organizations in their order, for operators; and the keys of a member, which are deleted with it. The
 * foreign key of keys would look for them in the whole table.
 */
export class ExpandIdentityOperatorIndexes1764631000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityOperatorIndexes1764631000000';

  protected readonly indexes = [
    { table: 'auditEvents', what: 'id', columns: ['id'] },
    { table: 'apiKeys', what: 'member', columns: ['organization_id', 'member_id', 'created_at', 'id'] },
  ] as const;
}
