import { IndexMigration } from './index-migration.js';

/** The organizations whose usage is still to be removed are found among the deleted ones. */
export class ExpandIdentityDeletedOrganizationsIndex1764671000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityDeletedOrganizationsIndex1764671000000';

  protected readonly indexes = [
    { table: 'organizations', what: 'deleted', columns: ['id'], where: 'deleted_at IS NOT NULL' },
  ] as const;
}
