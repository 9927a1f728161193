import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { columnTypes, dialectOf, type ColumnTypes } from '../dialect.js';

/** Organizations, members, keys and their secrets. */
export class CreateIdentityTables1764000000000 implements MigrationInterface {
  readonly name = 'CreateIdentityTables1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypes(dialectOf(queryRunner.dataSource.options.type));
    for (const table of [organizations(types), members(types), apiKeys(types), secrets(types), bootstrap(types)]) {
      await queryRunner.createTable(table);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['bootstrap', 'api_key_secrets', 'api_keys', 'members', 'organizations']) {
      await queryRunner.dropTable(table);
    }
  }
}

function organizations({ id, instant }: ColumnTypes): Table {
  return new Table({
    name: 'organizations',
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'name', type: 'text' },
      { name: 'created_at', type: instant },
      { name: 'disabled_at', type: instant, isNullable: true },
    ],
    indices: [{ name: 'ix_organizations_created_at', columnNames: ['created_at', 'id'] }],
  });
}

function members({ id, instant }: ColumnTypes): Table {
  return new Table({
    name: 'members',
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'organization_id', type: id },
      { name: 'external_id', type: 'text' },
      { name: 'email', type: 'text', isNullable: true },
      { name: 'display_name', type: 'text', isNullable: true },
      { name: 'role', type: 'text' },
      { name: 'created_at', type: instant },
    ],
    uniques: [
      { name: 'uq_members_external_id', columnNames: ['organization_id', 'external_id'] },
      // Target of the keys' foreign key, which keeps a key and its member in one organization.
      { name: 'uq_members_organization_id', columnNames: ['organization_id', 'id'] },
    ],
    foreignKeys: [
      {
        name: 'fk_members_organization',
        columnNames: ['organization_id'],
        referencedTableName: 'organizations',
        referencedColumnNames: ['id'],
      },
    ],
    indices: [{ name: 'ix_members_role', columnNames: ['organization_id', 'role', 'created_at'] }],
  });
}

function apiKeys({ id, instant }: ColumnTypes): Table {
  return new Table({
    name: 'api_keys',
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'organization_id', type: id },
      { name: 'member_id', type: id },
      { name: 'name', type: 'text' },
      { name: 'key_prefix', type: 'text', isUnique: true },
      { name: 'scopes', type: 'text' },
      { name: 'unrestricted', type: 'boolean' },
      { name: 'created_at', type: instant },
      { name: 'expires_at', type: instant, isNullable: true },
      { name: 'revoked_at', type: instant, isNullable: true },
      { name: 'last_used_at', type: instant, isNullable: true },
    ],
    foreignKeys: [
      {
        name: 'fk_api_keys_organization',
        columnNames: ['organization_id'],
        referencedTableName: 'organizations',
        referencedColumnNames: ['id'],
      },
      {
        name: 'fk_api_keys_member',
        columnNames: ['organization_id', 'member_id'],
        referencedTableName: 'members',
        referencedColumnNames: ['organization_id', 'id'],
      },
    ],
    indices: [
      {
        name: 'ix_api_keys_unrevoked',
        columnNames: ['organization_id', 'created_at', 'id'],
        where: 'revoked_at IS NULL',
      },
    ],
  });
}

function secrets({ id, instant }: ColumnTypes): Table {
  const optionalText = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
  return new Table({
    name: 'api_key_secrets',
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'api_key_id', type: id },
      { name: 'key_prefix', type: 'text', isUnique: true },
      optionalText('bcrypt_hash'),
      optionalText('proof'),
      { name: 'created_at', type: instant },
      { name: 'valid_until', type: instant, isNullable: true },
    ],
    checks: [{ name: 'ck_api_key_secrets_verifier', expression: 'bcrypt_hash IS NOT NULL OR proof IS NOT NULL' }],
    foreignKeys: [
      {
        name: 'fk_api_key_secrets_api_key',
        columnNames: ['api_key_id'],
        referencedTableName: 'api_keys',
        referencedColumnNames: ['id'],
      },
    ],
    indices: [{ name: 'ix_api_key_secrets_api_key_id', columnNames: ['api_key_id'] }],
  });
}

function bootstrap({ id }: ColumnTypes): Table {
  return new Table({
    name: 'bootstrap',
    columns: [
      { name: 'id', type: 'integer', isPrimary: true },
      { name: 'organization_id', type: id },
    ],
    checks: [{ name: 'ck_bootstrap_single_row', expression: 'id = 1' }],
    foreignKeys: [
      {
        name: 'fk_bootstrap_organization',
        columnNames: ['organization_id'],
        referencedTableName: 'organizations',
        referencedColumnNames: ['id'],
      },
    ],
  });
}
