import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import pg from 'pg';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES, emptyLocation, queryServer } from '../../../testing/test-location.js';
import { createMigrationDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { isMigrated, migrate } from './migrate.js';
import { openDatabase } from './open-database.js';

const INDEX = 'ix_audit_events_type';
const INDEX_MIGRATION = "name = 'ExpandIdentityAuditIndexes1764400000000'";

/** A migration of a later version. */
class ExpandIdentityNotes1999000000000 implements MigrationInterface {
  readonly name = 'ExpandIdentityNotes1999000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_keys ADD COLUMN note text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE api_keys DROP COLUMN note');
  }
}

/** What a later version migrates with. */
async function laterMigrator(location: DatabaseLocation): Promise<DataSource> {
  const { options } = createMigrationDataSource({ location, poolSize: 2 });
  const migrations = [...identityMigrations(), ExpandIdentityNotes1999000000000];
  return new DataSource({ ...options, migrations }).initialize();
}

async function client(location: DatabaseLocation): Promise<pg.Client> {
  if (location.type !== 'postgres') throw new Error('Only PostgreSQL has clients.');
  const connected = new pg.Client(location.url);
  await connected.connect();
  return connected;
}

async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Waits until a statement waits for a lock. */
async function someoneWaits(watching: pg.Client, statement: string): Promise<void> {
  const text = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
  await eventually(async () => (await watching.query(text, [`${statement}%`])).rows.length > 0);
}

describe('migrations of PostgreSQL', () => {
  it('that wait for a reader let look-ups pass, and go on when it is done', async () => {
    const database = await openTestDatabase('postgres');
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    const migrator = await laterMigrator(database.location);
    const reader = await client(database.location);
    const watching = await client(database.location);
    await reader.query('BEGIN; SELECT count(*) FROM api_keys');
    const migrated = migrate(migrator);
    await someoneWaits(watching, 'ALTER TABLE api_keys ADD COLUMN');
    await expect(database.apiKeys.findCredential(stored.apiKey.keyPrefix)).resolves.not.toBeNull();
    await expect(database.apiKeys.insert(aNewApiKey(stored.owner))).resolves.toBeUndefined();
    await someoneWaits(watching, 'ALTER TABLE api_keys ADD COLUMN');
    await reader.query('COMMIT');
    await migrated;
    await expect(isMigrated(migrator)).resolves.toBe(true);
    for (const connected of [reader, watching]) await connected.end();
    await migrator.destroy();
    await database.close();
  });

  it('are not stopped by time limits of the role', async () => {
    const location = await emptyLocation('postgres');
    const url = new URL(location.type === 'postgres' ? location.url : '');
    const role = `limited_${url.pathname.slice(1)}`;
    await queryServer(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'limited'`);
    for (const limit of ['statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout']) {
      await queryServer(`ALTER ROLE ${role} SET ${limit} = 300`);
    }
    [url.username, url.password] = [role, 'limited'];
    await (await openDatabase({ location, poolSize: 2 })).destroy();
    const migrator = await laterMigrator({ type: 'postgres', url: url.href });
    const reader = await client(location);
    const watching = await client(location);
    await reader.query('BEGIN; SELECT count(*) FROM api_keys');
    const migrated = migrate(migrator);
    migrated.catch(() => undefined);
    await someoneWaits(watching, 'ALTER TABLE api_keys ADD COLUMN');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await reader.query('COMMIT');
    await migrated;
    for (const connected of [reader, watching]) await connected.end();
    await migrator.destroy();
    await queryServer(`DROP OWNED BY ${role}; DROP ROLE ${role}`).catch(() => undefined);
  });

  it('build an index while keys are made, also where it was interrupted before', async () => {
    const database = await openTestDatabase('postgres');
    const { dataSource, location } = database;
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    // What a process leaves that was killed meanwhile.
    await dataSource.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${INDEX}'::regclass`);
    await dataSource.query(`DELETE FROM migrations WHERE ${INDEX_MIGRATION}`);
    const writer = await client(location);
    const watching = await client(location);
    await writer.query(`BEGIN; UPDATE audit_events SET request_id = 'open'`);
    const opened = openDatabase({ location, poolSize: 2 });
    await someoneWaits(watching, '%CONCURRENTLY');
    await expect(database.apiKeys.insert(aNewApiKey(stored.owner))).resolves.toBeUndefined();
    await writer.query('COMMIT');
    await (await opened).destroy();
    const [index] = await dataSource.query<unknown[]>(
      `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = '${INDEX}'::regclass`,
    );
    expect(index).toEqual({ valid: true });
    for (const connected of [writer, watching]) await connected.end();
    await database.close();
  });
});

describe.each(DATABASES)('a %s database that a newer version has migrated', (type) => {
  const record = (name: string) => `INSERT INTO migrations (timestamp, name) VALUES (${name.slice(-13)}, '${name}')`;

  it('is refused where that took away what this version needs, and left as it is', async () => {
    const database = await openTestDatabase(type);
    const { dataSource, location } = database;
    await dataSource.query(record('ContractIdentitySecrets1999000000000'));
    await dataSource.query(`DELETE FROM migrations WHERE ${INDEX_MIGRATION}`);
    for (const migrates of [true, false]) {
      await expect(openDatabase({ location, poolSize: 2, migrates })).rejects.toThrow(
        'The database was migrated by a newer version, which removed what this one needs ' +
          '(ContractIdentitySecrets1999000000000).',
      );
    }
    await expect(isMigrated(dataSource)).resolves.toBe(false);
    await database.close();
  });

  it("is opened where that only added to it, beside other installations' and applications' migrations", async () => {
    const database = await openTestDatabase(type);
    const { dataSource, location } = database;
    const others = ['ContractIdentitySecrets(b_*)1999000000001', 'ContractLines1999000000002'];
    for (const name of [...others, 'ExpandIdentityNotes1999000000000']) await dataSource.query(record(name));
    await (await openDatabase({ location, poolSize: 2 })).destroy();
    await database.close();
  });
});
