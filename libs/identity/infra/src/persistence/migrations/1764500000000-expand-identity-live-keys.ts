import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/**
 * At least the number of an organization's keys that count against its limit; NULL until it is first counted. The
 * version before continues to use `api_keys.place`, which this one does not read any more.
 */
export class ExpandIdentityLiveKeys1764500000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityLiveKeys1764500000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { organizations } = migratedTables(queryRunner).names;
    // TypeORM's own statement copies the whole table on SQLite.
    await queryRunner.query(`ALTER TABLE ${organizations} ADD COLUMN live_keys integer`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { organizations } = migratedTables(queryRunner).names;
    await queryRunner.query(`ALTER TABLE ${organizations} DROP COLUMN live_keys`);
  }
}
