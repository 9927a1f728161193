import { IndexMigration } from './index-migration.js';

/** The keys of an organization that count against its limit, by their ends. */
export class ExpandIdentityLiveKeysIndex1764510000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityLiveKeysIndex1764510000000';

  protected readonly indexes = [
    { table: 'apiKeys', what: 'live', columns: ['organization_id', 'expires_at'], where: 'revoked_at IS NULL' },
  ] as const;
}
