import { type QueryRunner, Table } from 'typeorm';
import { SORTED_BY } from '../tables/api-keys.js';
import type { Dialect } from '../tables/columns.js';
import { IndexMigration } from './index-migration.js';
import { migratedTables } from './migrated-tables.js';

/**
 * What keys are searched and sorted by. Keys that the version before creates or changes beside this one are found as well:
 * it knows no labels, and indexes are kept by the database.
 */
export class ExpandIdentityKeySearch1764650000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityKeySearch1764650000000';

  protected readonly indexes = [
    { table: 'apiKeys', what: 'name', columns: sortedBy('name') },
    { table: 'apiKeys', what: 'last_used', columns: sortedBy('last_used_at') },
    { table: 'apiKeys', what: 'expires', columns: sortedBy('expires_at') },
    {
      table: 'apiKeys',
      what: 'disabled',
      columns: ['organization_id', 'created_at', 'id'],
      where: 'disabled_at IS NOT NULL AND revoked_at IS NULL',
    },
    { table: 'apiKeyLabels', what: 'label', columns: ['organization_id', 'label', 'api_key_id'] },
  ] as const;

  override async up(queryRunner: QueryRunner): Promise<void> {
    const { paths, named, types } = migratedTables(queryRunner);
    const labels = new Table({
      name: paths.apiKeyLabels,
      // SQLite keeps the rows in the primary key then, and nowhere else.
      withoutRowid: true,
      columns: [
        { name: 'api_key_id', type: types.id, isPrimary: true },
        { name: 'label', type: 'text', isPrimary: true },
        { name: 'organization_id', type: types.id },
      ],
      foreignKeys: [
        {
          name: named('fk', 'apiKeyLabels', 'api_key'),
          columnNames: ['api_key_id'],
          referencedTableName: paths.apiKeys,
          referencedColumnNames: ['id'],
          onDelete: 'CASCADE',
        },
      ],
    });
    // It may be there, if this was interrupted between two indexes.
    await queryRunner.createTable(labels, true);
    await super.up(queryRunner);
  }

  override async down(queryRunner: QueryRunner): Promise<void> {
    await super.down(queryRunner);
    await queryRunner.dropTable(migratedTables(queryRunner).paths.apiKeyLabels);
  }
}

function sortedBy(sort: keyof typeof SORTED_BY): Readonly<Record<Dialect, string>> {
  const columns = (dialect: Dialect) => `organization_id, (${SORTED_BY[sort][dialect]}), id`;
  return { postgres: columns('postgres'), 'better-sqlite3': columns('better-sqlite3') };
}
