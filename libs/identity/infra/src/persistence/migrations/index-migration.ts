import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dataSourceOf, type MigratedTables, migratedTables } from './migrated-tables.js';
import type { Dialect } from '../tables/columns.js';
import type { TableNames } from '../tables/tables.js';

/** An index that a migration adds. */
export interface AddedIndex {
  readonly table: keyof TableNames;
  /** The end of its name. */
  readonly what: string;
  /** Its columns, or their text for each database, with parentheses around expressions. */
  readonly columns: readonly string[] | Readonly<Record<Dialect, string>>;
  /** Which rows are in it; all without it. */
  readonly where?: string;
}

/**
 * A migration that adds indexes. On PostgreSQL it builds them CONCURRENTLY, so that writes continue meanwhile, unless
 * it runs in a transaction, as for a host or an empty installation. It can be repeated after it was interrupted.
 */
export abstract class IndexMigration implements MigrationInterface {
  abstract readonly name: string;
  /** TypeORM's: false takes the migration out of the transaction that it would be given. Left alone, any mode runs it. */
  declare transaction?: boolean;

  protected abstract readonly indexes: readonly AddedIndex[];

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    const isPostgres = dataSourceOf(queryRunner).options.type === 'postgres';
    const build = isPostgres && !queryRunner.isTransactionActive ? createConcurrently : create;
    for (const index of this.indexes) await build(queryRunner, tables, index);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = migratedTables(queryRunner);
    for (const index of this.indexes) await queryRunner.query(`DROP INDEX ${pathOf(tables, index)}`);
  }
}

async function create(queryRunner: QueryRunner, tables: MigratedTables, index: AddedIndex): Promise<void> {
  await queryRunner.query(`CREATE INDEX "${nameOf(tables, index)}" ON ${definition(tables, index)}`);
}

async function createConcurrently(queryRunner: QueryRunner, tables: MigratedTables, index: AddedIndex): Promise<void> {
  const [{ lock_timeout: lockTimeout }] = (await queryRunner.query('SHOW lock_timeout')) as [{ lock_timeout: string }];
  // It waits for transactions that are open, and nobody waits for it. Giving up would mean to begin anew.
  await queryRunner.query('SET lock_timeout = 0');
  try {
    // One that was interrupted is there, invalid, and costs what a valid one costs.
    await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${pathOf(tables, index)}`);
    await queryRunner.query(`CREATE INDEX CONCURRENTLY "${nameOf(tables, index)}" ON ${definition(tables, index)}`);
  } finally {
    await queryRunner.query("SELECT set_config('lock_timeout', $1, false)", [lockTimeout]).catch(() => undefined);
  }
}

function definition({ names, dialect }: MigratedTables, { table, columns, where }: AddedIndex): string {
  const indexed = 'join' in columns ? columns.join(', ') : columns[dialect];
  return `${names[table]} (${indexed})${where === undefined ? '' : ` WHERE ${where}`}`;
}

function nameOf({ named }: MigratedTables, { table, what }: AddedIndex): string {
  return named('ix', table, what);
}

function pathOf(tables: MigratedTables, index: AddedIndex): string {
  return `${tables.schema === undefined ? '' : `"${tables.schema}".`}"${nameOf(tables, index)}"`;
}
