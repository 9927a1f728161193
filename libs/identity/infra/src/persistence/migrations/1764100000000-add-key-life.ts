import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { type MigratedTables, migratedTables, organizationKey } from './migrated-tables.js';

/** Policies, keys that are disabled and rotated, places for a cap of keys, the audit log and leases of jobs. */
export class AddKeyLife1764100000000 implements MigrationInterface {
  readonly name: string = 'AddKeyLife1764100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    for (const [table, column, type] of newColumns(tables)) {
      // TypeORM's own `addColumn` copies the whole table on SQLite.
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }
    await queryRunner.query(givePlaces(tables));
    for (const index of apiKeyIndexes(tables)) await queryRunner.createIndex(tables.paths.apiKeys, index);
    await queryRunner.createTable(auditEvents(tables));
    await queryRunner.createTable(jobLeases(tables));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    await queryRunner.dropTable(tables.paths.jobLeases);
    await queryRunner.dropTable(tables.paths.auditEvents);
    for (const index of apiKeyIndexes(tables)) await queryRunner.dropIndex(tables.paths.apiKeys, index);
    for (const [table, column] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
}

function newColumns({
  types: { instant },
  names,
}: MigratedTables): readonly (readonly [table: string, column: string, type: string])[] {
  return [
    [names.organizations, 'max_key_lifetime_days', 'integer'],
    [names.organizations, 'key_expiry_required', 'boolean NOT NULL DEFAULT false'],
    [names.organizations, 'revoke_unused_after_days', 'integer'],
    [names.apiKeys, 'disabled_at', instant],
    [names.apiKeys, 'place', 'integer'],
    [names.apiKeySecrets, 'last_used_at', instant],
  ];
}

/** Every key that counts takes one of its organization's places, from 0 up. */
function givePlaces({ names: { apiKeys } }: MigratedTables): string {
  return `
    UPDATE ${apiKeys} AS api_keys SET place = numbered.place
    FROM (
      SELECT id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) - 1 AS place
      FROM ${apiKeys} WHERE revoked_at IS NULL
    ) AS numbered
    WHERE numbered.id = api_keys.id`;
}

function apiKeyIndexes({ named }: MigratedTables): readonly TableIndex[] {
  return [
    new TableIndex({
      name: named('uq', 'apiKeys', 'place'),
      columnNames: ['organization_id', 'place'],
      isUnique: true,
      where: 'revoked_at IS NULL',
    }),
    // For lists with the revoked keys. The others have theirs, and making a key writes to one index less.
    new TableIndex({
      name: named('ix', 'apiKeys', 'revoked'),
      columnNames: ['organization_id', 'created_at', 'id'],
      where: 'revoked_at IS NOT NULL',
    }),
  ];
}

function auditEvents(tables: MigratedTables): Table {
  const { paths, named } = tables;
  const { id, instant } = tables.types;
  return new Table({
    name: paths.auditEvents,
    // SQLite keeps the rows in the primary key then, and nowhere else.
    withoutRowid: true,
    columns: [
      { name: 'organization_id', type: id, isPrimary: true },
      { name: 'id', type: id, isPrimary: true },
      { name: 'type', type: 'text' },
      { name: 'occurred_at', type: instant },
      { name: 'actor_type', type: 'text' },
      { name: 'actor_api_key_id', type: id, isNullable: true },
      { name: 'actor_member_id', type: id, isNullable: true },
      { name: 'request_id', type: 'text', isNullable: true },
      { name: 'source_address', type: 'text', isNullable: true },
      { name: 'api_key_id', type: id, isNullable: true },
      { name: 'changes', type: 'text' },
    ],
    foreignKeys: [organizationKey(tables, 'auditEvents')],
    indices: [{ name: named('ix', 'auditEvents', 'api_key'), columnNames: ['organization_id', 'api_key_id', 'id'] }],
  });
}

function jobLeases({ types: { instant }, paths }: MigratedTables): Table {
  return new Table({
    name: paths.jobLeases,
    columns: [
      { name: 'name', type: 'text', isPrimary: true },
      { name: 'holder', type: 'text' },
      { name: 'held_until', type: instant },
    ],
  });
}
