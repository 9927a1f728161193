import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { type MigratedTables, migratedTables } from './migrated-tables.js';

/** Keys of operators and the events of them, organizations that were deleted, and when members were changed. */
export class ExpandIdentityOperatorApi1764630000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityOperatorApi1764630000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    for (const [table, column] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${tables.types.instant}`);
    }
    await queryRunner.createTable(operatorKeys(tables));
    await queryRunner.createTable(operatorEvents(tables));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    await queryRunner.dropTable(tables.paths.operatorEvents);
    await queryRunner.dropTable(tables.paths.operatorKeys);
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

function operatorKeys({ types: { id, instant }, paths, named }: MigratedTables): Table {
  return new Table({
    name: paths.operatorKeys,
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'name', type: 'text' },
      { name: 'key_prefix', type: 'text', isUnique: true },
      { name: 'scopes', type: 'text' },
      { name: 'unrestricted', type: 'boolean' },
      { name: 'hash', type: 'text', isNullable: true },
      { name: 'proof', type: 'text', isNullable: true },
      { name: 'created_at', type: instant },
      { name: 'expires_at', type: instant, isNullable: true },
      { name: 'revoked_at', type: instant, isNullable: true },
      { name: 'last_used_at', type: instant, isNullable: true },
    ],
    checks: [{ name: named('ck', 'operatorKeys', 'verifier'), expression: 'hash IS NOT NULL OR proof IS NOT NULL' }],
  });
}

function operatorEvents({ types: { id, instant }, paths }: MigratedTables): Table {
  return new Table({
    name: paths.operatorEvents,
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'type', type: 'text' },
      { name: 'occurred_at', type: instant },
      { name: 'actor_name', type: 'text', isNullable: true },
      { name: 'operator_key_id', type: id, isNullable: true },
      { name: 'key_prefix', type: 'text', isNullable: true },
      { name: 'changes', type: 'text' },
    ],
  });
}
