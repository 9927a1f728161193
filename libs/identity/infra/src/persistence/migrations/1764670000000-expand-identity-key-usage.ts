import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

const LAST_USED_FROM = ['last_used_address', 'last_used_user_agent'];

/** What became of the requests with each key, by hours and days, and from where it was last used. */
export class ExpandIdentityKeyUsage1764670000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityKeyUsage1764670000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { types, paths, names, named } = migratedTables(queryRunner);
    for (const table of ['apiKeyUsageHours', 'apiKeyUsageDays'] as const) {
      await queryRunner.createTable(
        new Table({
          name: paths[table],
          columns: [
            // No foreign key: a flush must not fail for a key that is gone by then.
            { name: 'api_key_id', type: types.id, isPrimary: true },
            { name: 'starts_at', type: types.instant, isPrimary: true },
            { name: 'organization_id', type: types.id },
            { name: 'accepted', type: 'bigint' },
            { name: 'refused_state', type: 'bigint' },
            { name: 'refused_address', type: 'bigint' },
            { name: 'refused_limit', type: 'bigint' },
            { name: 'refused_scope', type: 'bigint' },
          ],
          // SQLite keeps the rows of a key together, in the order in which they are read.
          withoutRowid: true,
          indices: [
            // What an organization reads.
            { name: named('ix', table, 'organization'), columnNames: ['organization_id', 'starts_at'] },
            // What the operator reads, and what is removed first.
            { name: named('ix', table, 'starts'), columnNames: ['starts_at', 'organization_id'] },
          ],
        }),
      );
    }
    for (const column of LAST_USED_FROM) {
      // TypeORM's own statement copies the whole table on SQLite.
      await queryRunner.query(`ALTER TABLE ${names.apiKeys} ADD COLUMN ${column} text`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { paths, names } = migratedTables(queryRunner);
    for (const column of LAST_USED_FROM) {
      await queryRunner.query(`ALTER TABLE ${names.apiKeys} DROP COLUMN ${column}`);
    }
    await queryRunner.dropTable(paths.apiKeyUsageDays);
    await queryRunner.dropTable(paths.apiKeyUsageHours);
  }
}
