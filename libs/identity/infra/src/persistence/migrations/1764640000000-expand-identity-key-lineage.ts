import { IndexMigration } from './index-migration.js';

const CHILDREN = ['created_by_id', 'created_at', 'id'] as const;

/**
 * Finds the keys that a key or member made, in the order of the list: the unrevoked ones and the revoked ones each by an
 * index of their own, so that making a key writes to one of them. And the keys of all organizations by their ends.
 */
export class ExpandIdentityKeyLineage1764640000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityKeyLineage1764640000000';

  protected readonly indexes = [
    {
      table: 'apiKeys',
      what: 'made_by',
      columns: CHILDREN,
      where: 'revoked_at IS NULL AND created_by_id IS NOT NULL',
    },
    {
      table: 'apiKeys',
      what: 'revoked_made_by',
      columns: CHILDREN,
      where: 'revoked_at IS NOT NULL AND created_by_id IS NOT NULL',
    },
    {
      table: 'apiKeys',
      what: 'ending',
      columns: ['expires_at'],
      where: 'revoked_at IS NULL AND expires_at IS NOT NULL',
    },
  ] as const;
}
