import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migratedTables } from './migrated-tables.js';

/**
 * What keys, members and policies have since 0.2: each column may be left out, so that instances of the version before
 * continue to work beside this one.
 */
export class ExpandIdentityKeyDetails1764620000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityKeyDetails1764620000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, column] of newColumns(queryRunner)) {
      // TypeORM's own statement copies the whole table on SQLite.
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, column] of newColumns(queryRunner).reverse()) {
      const [name] = column.split(' ');
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    }
  }
}

function newColumns(queryRunner: QueryRunner): [table: string, column: string][] {
  const { names, types } = migratedTables(queryRunner);
  const { apiKeys, members, organizations } = names;
  return [
    [apiKeys, 'description text'],
    [apiKeys, 'labels text'],
    [apiKeys, 'metadata text'],
    [apiKeys, 'rate_limit_requests integer'],
    [apiKeys, 'rate_limit_seconds integer'],
    [apiKeys, 'quota_requests integer'],
    [apiKeys, 'quota_period text'],
    [apiKeys, 'allowed_networks text'],
    [apiKeys, 'created_by_type text'],
    [apiKeys, `created_by_id ${types.id}`],
    [members, `disabled_at ${types.instant}`],
    [organizations, 'revoke_descendants boolean NOT NULL DEFAULT false'],
    [organizations, 'key_rate_limit_requests integer'],
    [organizations, 'key_rate_limit_seconds integer'],
    [organizations, 'key_quota_requests integer'],
    [organizations, 'key_quota_period text'],
  ];
}
