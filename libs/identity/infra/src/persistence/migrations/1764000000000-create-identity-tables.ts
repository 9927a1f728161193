import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import { type MigratedTables, migratedTables, organizationKey } from './migrated-tables.js';

/** Organizations, members, keys and their secrets. */
export class CreateIdentityTables1764000000000 implements MigrationInterface {
  readonly name: string = 'CreateIdentityTables1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    const { schema } = tables;
    if (schema !== undefined && !(await queryRunner.hasSchema(schema))) await queryRunner.createSchema(schema);
    for (const table of [organizations, members, apiKeys, secrets, bootstrap]) {
      await queryRunner.createTable(table(tables));
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { paths } = migratedTables(queryRunner);
    for (const table of ['bootstrap', 'apiKeySecrets', 'apiKeys', 'members', 'organizations'] as const) {
      await queryRunner.dropTable(paths[table]);
    }
  }
}

function organizations({ types: { id, instant }, paths, named }: MigratedTables): Table {
  return new Table({
    name: paths.organizations,
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'name', type: 'text' },
      { name: 'created_at', type: instant },
      { name: 'disabled_at', type: instant, isNullable: true },
    ],
    indices: [{ name: named('ix', 'organizations', 'created_at'), columnNames: ['created_at', 'id'] }],
  });
}

function members(tables: MigratedTables): Table {
  const { paths, named } = tables;
  const { id, instant } = tables.types;
  return new Table({
    name: paths.members,
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
      { name: named('uq', 'members', 'external_id'), columnNames: ['organization_id', 'external_id'] },
      // Target of the keys' foreign key, which keeps a key and its member in one organization.
      { name: named('uq', 'members', 'organization_id'), columnNames: ['organization_id', 'id'] },
    ],
    foreignKeys: [organizationKey(tables, 'members')],
    indices: [{ name: named('ix', 'members', 'role'), columnNames: ['organization_id', 'role', 'created_at'] }],
  });
}

function apiKeys(tables: MigratedTables): Table {
  const { paths, named } = tables;
  const { id, instant } = tables.types;
  return new Table({
    name: paths.apiKeys,
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
      organizationKey(tables, 'apiKeys'),
      {
        name: named('fk', 'apiKeys', 'member'),
        columnNames: ['organization_id', 'member_id'],
        referencedTableName: paths.members,
        referencedColumnNames: ['organization_id', 'id'],
      },
    ],
    indices: [
      {
        name: named('ix', 'apiKeys', 'unrevoked'),
        columnNames: ['organization_id', 'created_at', 'id'],
        where: 'revoked_at IS NULL',
      },
    ],
  });
}

function secrets({ types: { id, instant }, paths, named }: MigratedTables): Table {
  const optionalText = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
  return new Table({
    name: paths.apiKeySecrets,
    columns: [
      { name: 'id', type: id, isPrimary: true },
      { name: 'api_key_id', type: id },
      { name: 'key_prefix', type: 'text', isUnique: true },
      optionalText('bcrypt_hash'),
      optionalText('proof'),
      { name: 'created_at', type: instant },
      { name: 'valid_until', type: instant, isNullable: true },
    ],
    checks: [
      { name: named('ck', 'apiKeySecrets', 'verifier'), expression: 'bcrypt_hash IS NOT NULL OR proof IS NOT NULL' },
    ],
    foreignKeys: [
      {
        name: named('fk', 'apiKeySecrets', 'api_key'),
        columnNames: ['api_key_id'],
        referencedTableName: paths.apiKeys,
        referencedColumnNames: ['id'],
      },
    ],
    indices: [{ name: named('ix', 'apiKeySecrets', 'api_key_id'), columnNames: ['api_key_id'] }],
  });
}

function bootstrap(tables: MigratedTables): Table {
  const { paths, named } = tables;
  const { id } = tables.types;
  return new Table({
    name: paths.bootstrap,
    columns: [
      { name: 'id', type: 'integer', isPrimary: true },
      { name: 'organization_id', type: id },
    ],
    checks: [{ name: named('ck', 'bootstrap', 'single_row'), expression: 'id = 1' }],
    foreignKeys: [organizationKey(tables, 'bootstrap')],
  });
}
