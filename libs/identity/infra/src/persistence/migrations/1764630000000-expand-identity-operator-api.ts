import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type MigratedTables, migratedTables } from './migrated-tables.js';

/** Organizations that were deleted, and when members were changed. */
export class ExpandIdentityOperatorApi1764630000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityOperatorApi1764630000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner.dataSource);
    for (const [table, column] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${tables.types.instant}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner.dataSource);
    for (const [table, column] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
}

function newColumns({ names }: MigratedTables): readonly (readonly [table: string, column: string])[] {
  return [
    [names.organizations, 'deleted_at'],
    [names.members, 'updated_at'],
  ];
}
