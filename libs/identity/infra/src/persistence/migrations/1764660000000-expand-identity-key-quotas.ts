import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/** How much of their quotas keys have used. Empty until the first key has a quota. */
export class ExpandIdentityKeyQuotas1764660000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityKeyQuotas1764660000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { types, paths } = migratedTables(queryRunner);
    await queryRunner.createTable(
      new Table({
        name: paths.apiKeyQuotas,
        columns: [
          // No foreign key: a flush must not fail for a key that is gone by then.
          { name: 'api_key_id', type: types.id, isPrimary: true },
          { name: 'period', type: 'text' },
          { name: 'starts_at', type: types.instant },
          { name: 'used', type: 'integer' },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(migratedTables(queryRunner).paths.apiKeyQuotas);
  }
}
