import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/**
 * Has PostgreSQL's planner expect one key of each creator. Where a few keys have made most others, it would expect that
 * each has made that many, and read the whole table for every key of a tree: a cascade over 10,000 keys takes 9 s then,
 * and 0.8 s by the index. SQLite has no such statistics.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html `n_distinct`; negative: a share of the rows
 */
export class ExpandIdentityCreatorStatistics1764710000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityCreatorStatistics1764710000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { dialect, names } = migratedTables(queryRunner);
    if (dialect !== 'postgres') return;
    await queryRunner.query(`ALTER TABLE ${names.apiKeys} ALTER COLUMN created_by_id SET (n_distinct = -1)`);
    // It counts from the next time that the column is analyzed.
    await queryRunner.query(`ANALYZE ${names.apiKeys} (created_by_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { dialect, names } = migratedTables(queryRunner);
    if (dialect !== 'postgres') return;
    await queryRunner.query(`ALTER TABLE ${names.apiKeys} ALTER COLUMN created_by_id RESET (n_distinct)`);
  }
}
