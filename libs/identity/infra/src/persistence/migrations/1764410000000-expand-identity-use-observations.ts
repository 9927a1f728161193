import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/** When uses of keys were written. Empty at first: what was before is not counted as time without uses. */
export class ExpandIdentityUseObservations1764410000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityUseObservations1764410000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const {
      types: { instant },
      paths,
    } = migratedTables(queryRunner);
    await queryRunner.createTable(
      new Table({
        name: paths.useObservations,
        columns: [
          { name: 'started_at', type: instant, isPrimary: true },
          { name: 'ended_at', type: instant },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(migratedTables(queryRunner).paths.useObservations);
  }
}
