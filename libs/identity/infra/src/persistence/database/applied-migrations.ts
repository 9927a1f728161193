import type { DataSource } from 'typeorm';
import { PostgresPool } from '../sql/postgres-pool.js';
import { quotedPath } from '../tables/tables.js';

/** Our names. With names of tables it is `ExpandIdentityNotes(auth_*)1999000000000`, else `ExpandIdentityNotes1999000000000`. */
const OUR_NAME = /^(?:Expand|Contract)Identity[^(]*(\(.*\))?\d{13}$/;
const FIRST_NAME = /^CreateIdentityTables(\(.*\))?\d{13}$/;

/** Thrown when a newer version has removed tables or columns from the database that this version needs. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';

  constructor(migrations: readonly string[]) {
    super(
      `The database was migrated by a newer version, which removed what this one needs (${migrations.join(', ')}). ` +
        'Run that version, or restore a backup from before it.',
    );
  }
}

/** What keeps a database from being used without migrating it. */
export type NotMigratedState = 'missing' | 'empty' | 'older';

const NOT_MIGRATED: Readonly<Record<NotMigratedState, string>> = {
  missing: 'does not exist',
  empty: 'has no tables of this program',
  older: 'is older than this version',
};

/** Thrown when a database is opened without migrating it, and it does not exist or lacks migrations. */
export class NotMigratedError extends Error {
  override readonly name = 'NotMigratedError';

  constructor(
    /** What keeps it from being used. */
    readonly state: NotMigratedState,
  ) {
    super(`The database ${NOT_MIGRATED[state]}.`);
  }
}

/** How the migrations that a database has compare with those that this version knows. */
export interface AppliedMigrations {
  /** Whether the database has every migration of this version. */
  readonly isComplete: boolean;
  /** Names of newer migrations that only add. This version works beside them. */
  readonly expanding: readonly string[];
  /** Names of newer migrations that remove what this version needs. */
  readonly contracting: readonly string[];
}

/**
 * Compares the database's migrations with this version's.
 *
 * @param dataSource - initialized, with `identityMigrations` among its migrations
 * @throws the driver's error where the table of migrations does not exist
 */
export async function readAppliedMigrations(dataSource: DataSource): Promise<AppliedMigrations> {
  const text = `SELECT name FROM ${migrationsTable(dataSource)}`;
  const rows =
    dataSource.options.type === 'postgres'
      ? await PostgresPool.of(dataSource).query<{ name: string }>({ text, values: [] })
      : await dataSource.query<{ name: string }[]>(text);
  const applied = rows.map((row) => row.name);
  const known = dataSource.migrations.map(({ name = '' }) => name);
  const tables = known.map((name) => FIRST_NAME.exec(name)).find((match) => match !== null)?.[1];
  // The table also has the migrations of the application, and of other installations in this database.
  const newer = applied.filter((name) => {
    const match = OUR_NAME.exec(name);
    return match !== null && match[1] === tables && !known.includes(name);
  });
  return {
    isComplete: known.every((name) => applied.includes(name)),
    expanding: newer.filter((name) => name.startsWith('Expand')),
    contracting: newer.filter((name) => name.startsWith('Contract')),
  };
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(dataSource: DataSource): Promise<boolean> {
  return (await readAppliedMigrations(dataSource)).isComplete;
}

/** Whether any migration has been applied. */
export async function hasMigrations(dataSource: DataSource): Promise<boolean> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await queryRunner.hasTable(pathOfMigrations(dataSource));
  } finally {
    await queryRunner.release();
  }
}

/** Throws `NewerDatabaseError` for a database from which a newer version has removed what this one needs. */
export async function assertNotNewer(dataSource: DataSource): Promise<void> {
  if (!(await hasMigrations(dataSource))) return;
  const { contracting } = await readAppliedMigrations(dataSource);
  if (contracting.length > 0) throw new NewerDatabaseError(contracting);
}

/** Where TypeORM records the migrations of this data source. */
function pathOfMigrations({ options, driver }: DataSource): string {
  const schema = options.type === 'postgres' ? options.schema : undefined;
  return driver.buildTableName(options.migrationsTableName ?? 'migrations', schema);
}

function migrationsTable(dataSource: DataSource): string {
  return quotedPath(dataSource, pathOfMigrations(dataSource));
}
