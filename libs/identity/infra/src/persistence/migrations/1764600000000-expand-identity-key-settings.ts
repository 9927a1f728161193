import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/** With which settings the service issues keys. Empty until its first start or first key with this version. */
export class ExpandIdentityKeySettings1764600000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityKeySettings1764600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { paths } = migratedTables(queryRunner);
    await queryRunner.createTable(
      new Table({
        name: paths.keySettings,
        columns: [
          { name: 'id', type: 'integer', isPrimary: true },
          { name: 'key_namespace', type: 'text' },
          { name: 'key_environment', type: 'text' },
          { name: 'pepper_ids', type: 'text' },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(migratedTables(queryRunner).paths.keySettings);
  }
}
