import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/** What was announced of the end of a key. The version before does not notice it. */
export class ExpandIdentityExpiryNotices1764641000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityExpiryNotices1764641000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { apiKeys } = migratedTables(queryRunner).names;
    for (const column of newColumns(queryRunner)) {
      // TypeORM's own statement copies the whole table on SQLite.
      await queryRunner.query(`ALTER TABLE ${apiKeys} ADD COLUMN ${column}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { apiKeys } = migratedTables(queryRunner).names;
    for (const column of newColumns(queryRunner).reverse()) {
      const [name] = column.split(' ');
      await queryRunner.query(`ALTER TABLE ${apiKeys} DROP COLUMN ${name}`);
    }
  }
}

function newColumns(queryRunner: QueryRunner): string[] {
  const { instant } = migratedTables(queryRunner).types;
  return [
    `expiry_notice_end ${instant}`,
    'expiry_notice_days integer',
    'expiry_notice_attempts integer',
    `expiry_notice_retry_at ${instant}`,
  ];
}
