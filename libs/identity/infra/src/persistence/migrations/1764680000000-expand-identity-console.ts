import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { type MigratedTables, migratedTables } from './migrated-tables.js';

/** Sessions of the console and links to it, and of events of operators, who caused them and from where. */
export class ExpandIdentityConsole1764680000000 implements MigrationInterface {
  readonly name: string = 'ExpandIdentityConsole1764680000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    for (const [column, type] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${tables.names.operatorEvents} ADD COLUMN ${column} ${type}`);
    }
    await queryRunner.createTable(consoleSessions(tables));
    await queryRunner.createTable(consoleLinks(tables));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    await queryRunner.dropTable(tables.paths.consoleLinks);
    await queryRunner.dropTable(tables.paths.consoleSessions);
    for (const [column] of newColumns(tables)) {
      await queryRunner.query(`ALTER TABLE ${tables.names.operatorEvents} DROP COLUMN ${column}`);
    }
  }
}

function newColumns({ types }: MigratedTables): readonly (readonly [column: string, type: string])[] {
  return [
    ['actor_key_id', types.id],
    ['request_id', 'text'],
    ['source_address', 'text'],
  ];
}

/** No foreign key: what is left of a deleted key opens nothing, and is removed within a day. */
function holderColumns({ id }: MigratedTables['types']) {
  return [
    { name: 'holder_kind', type: 'text' },
    { name: 'api_key_id', type: id, isNullable: true },
    { name: 'key_prefix', type: 'text', isNullable: true },
    { name: 'operator_name', type: 'text', isNullable: true },
    { name: 'scopes', type: 'text' },
    { name: 'unrestricted', type: 'boolean' },
  ];
}

function consoleSessions({ types, paths, named }: MigratedTables): Table {
  return new Table({
    name: paths.consoleSessions,
    columns: [
      { name: 'id', type: types.id, isPrimary: true },
      { name: 'secret_hash', type: 'text', isUnique: true },
      ...holderColumns(types),
      { name: 'created_at', type: types.instant },
      { name: 'last_seen_at', type: types.instant },
    ],
    indices: [{ name: named('ix', 'consoleSessions', 'holder'), columnNames: ['holder_kind', 'api_key_id'] }],
  });
}

function consoleLinks({ types, paths }: MigratedTables): Table {
  return new Table({
    name: paths.consoleLinks,
    columns: [
      { name: 'code_hash', type: 'text', isPrimary: true },
      ...holderColumns(types),
      { name: 'created_at', type: types.instant },
      { name: 'expires_at', type: types.instant },
    ],
  });
}
