import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { type MigratedTables, migratedTables } from './migrated-tables.js';

/** Hashes of other systems beside bcrypt, and what their keys are found by. */
export class AddImportedKeys1764200000000 implements MigrationInterface {
  readonly name: string = 'AddImportedKeys1764200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    const { apiKeySecrets } = tables.names;
    // TypeORM's own statements copy the whole table on SQLite.
    await queryRunner.query(`ALTER TABLE ${apiKeySecrets} RENAME COLUMN bcrypt_hash TO hash`);
    await queryRunner.query(`ALTER TABLE ${apiKeySecrets} ADD COLUMN lookup text`);
    await queryRunner.createIndex(tables.paths.apiKeySecrets, lookupIndex(tables));
    await queryRunner.query(createHashIndex(tables));
  }

  /** Throws while an imported key is stored, in any state: without its look-up text it is lost, or imported again. */
  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    const { apiKeySecrets } = tables.names;
    const imported = (await queryRunner.query(
      `SELECT 1 FROM ${apiKeySecrets} WHERE lookup IS NOT NULL LIMIT 1`,
    )) as unknown[];
    if (imported.length > 0) {
      throw new Error('Keys of other systems are stored. Without this migration they would be lost: it is not undone.');
    }
    await queryRunner.query(dropHashIndex(tables));
    await queryRunner.dropIndex(tables.paths.apiKeySecrets, lookupIndex(tables));
    await queryRunner.query(`ALTER TABLE ${apiKeySecrets} DROP COLUMN lookup`);
    await queryRunner.query(`ALTER TABLE ${apiKeySecrets} RENAME COLUMN hash TO bcrypt_hash`);
  }
}

/** For imports alone, which look for a hash without the name of its pepper. TypeORM knows no indexes of expressions. */
function createHashIndex({ names, named }: MigratedTables): string {
  const name = named('ix', 'apiKeySecrets', 'hash');
  return (
    `CREATE INDEX "${name}" ON ${names.apiKeySecrets} (substr(hash, length(hash) - 42)) ` + 'WHERE lookup IS NOT NULL'
  );
}

function dropHashIndex({ schema, named }: MigratedTables): string {
  const name = named('ix', 'apiKeySecrets', 'hash');
  return `DROP INDEX ${schema === undefined ? '' : `"${schema}".`}"${name}"`;
}

function lookupIndex({ named }: MigratedTables): TableIndex {
  // Keys of our own have no look-up text, and pay nothing for the index.
  return new TableIndex({
    name: named('uq', 'apiKeySecrets', 'lookup'),
    columnNames: ['lookup'],
    isUnique: true,
    where: 'lookup IS NOT NULL',
  });
}
