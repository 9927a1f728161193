import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/**
 * Policies that demand scopes. The column is added with a default and nothing else changes, so that instances of the
 * version before continue to work beside it.
 */
export class ExpandIdentityScopesRequired1764300000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityScopesRequired1764300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { organizations } = migratedTables(queryRunner).names;
    // TypeORM's own statement copies the whole table on SQLite.
    await queryRunner.query(
      `ALTER TABLE ${organizations} ADD COLUMN key_scopes_required boolean NOT NULL DEFAULT false`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { organizations } = migratedTables(queryRunner).names;
    await queryRunner.query(`ALTER TABLE ${organizations} DROP COLUMN key_scopes_required`);
  }
}
