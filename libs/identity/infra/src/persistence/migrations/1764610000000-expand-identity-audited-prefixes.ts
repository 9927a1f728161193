import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

const COLUMNS = ['key_prefix', 'actor_name'];

/** The public part of the secret that an event is about, and the name of an operator. The version before leaves both NULL. */
export class ExpandIdentityAuditedPrefixes1764610000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityAuditedPrefixes1764610000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { auditEvents } = migratedTables(queryRunner).names;
    // TypeORM's own statement copies the whole table on SQLite.
    for (const column of COLUMNS) await queryRunner.query(`ALTER TABLE ${auditEvents} ADD COLUMN ${column} text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { auditEvents } = migratedTables(queryRunner).names;
    for (const column of COLUMNS) await queryRunner.query(`ALTER TABLE ${auditEvents} DROP COLUMN ${column}`);
  }
}
