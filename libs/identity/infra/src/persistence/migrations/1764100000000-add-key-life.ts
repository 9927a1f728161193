import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';
import { columnTypes, dialectOf, type ColumnTypes } from '../dialect.js';

/** Policies, keys that are disabled and rotated, places for a cap of keys, the audit log and leases of jobs. */
export class AddKeyLife1764100000000 implements MigrationInterface {
  readonly name = 'AddKeyLife1764100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypes(dialectOf(queryRunner.dataSource.options.type));
    for (const [table, column, type] of newColumns(types)) {
      // TypeORM's own `addColumn` copies the whole table on SQLite.
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }
    await queryRunner.query(GIVE_PLACES);
    for (const index of API_KEY_INDEXES) await queryRunner.createIndex('api_keys', index);
    await queryRunner.createTable(auditEvents(types));
    await queryRunner.createTable(jobLeases(types));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypes(dialectOf(queryRunner.dataSource.options.type));
    await queryRunner.dropTable('job_leases');
    await queryRunner.dropTable('audit_events');
    for (const index of API_KEY_INDEXES) await queryRunner.dropIndex('api_keys', index);
    for (const [table, column] of newColumns(types)) {
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  }
}

function newColumns({ instant }: ColumnTypes): readonly (readonly [table: string, column: string, type: string])[] {
  return [
    ['organizations', 'max_key_lifetime_days', 'integer'],
    ['organizations', 'key_expiry_required', 'boolean NOT NULL DEFAULT false'],
    ['organizations', 'revoke_unused_after_days', 'integer'],
    ['api_keys', 'disabled_at', instant],
    ['api_keys', 'place', 'integer'],
    ['api_key_secrets', 'last_used_at', instant],
  ];
}

/** Every key that counts takes one of its organization's places, from 0 up. */
const GIVE_PLACES = `
  UPDATE api_keys SET place = numbered.place
  FROM (
    SELECT id, row_number() OVER (PARTITION BY organization_id ORDER BY created_at, id) - 1 AS place
    FROM api_keys WHERE revoked_at IS NULL
  ) AS numbered
  WHERE numbered.id = api_keys.id`;

const API_KEY_INDEXES: readonly TableIndex[] = [
  new TableIndex({
    name: 'uq_api_keys_place',
    columnNames: ['organization_id', 'place'],
    isUnique: true,
    where: 'revoked_at IS NULL',
  }),
  // For lists with the revoked keys. The others have theirs, and making a key writes to one index less.
  new TableIndex({
    name: 'ix_api_keys_revoked',
    columnNames: ['organization_id', 'created_at', 'id'],
    where: 'revoked_at IS NOT NULL',
  }),
];

function auditEvents({ id, instant }: ColumnTypes): Table {
  return new Table({
    name: 'audit_events',
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
    foreignKeys: [
      {
        name: 'fk_audit_events_organization',
        columnNames: ['organization_id'],
        referencedTableName: 'organizations',
        referencedColumnNames: ['id'],
      },
    ],
    indices: [{ name: 'ix_audit_events_api_key', columnNames: ['organization_id', 'api_key_id', 'id'] }],
  });
}

function jobLeases({ instant }: ColumnTypes): Table {
  return new Table({
    name: 'job_leases',
    columns: [
      { name: 'name', type: 'text', isPrimary: true },
      { name: 'holder', type: 'text' },
      { name: 'held_until', type: instant },
    ],
  });
}
