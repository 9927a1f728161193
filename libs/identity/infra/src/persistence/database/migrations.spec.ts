import type { ApiKey } from '@feather-identity/core';
import { aNewApiKey, aNewImportedApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES, emptyLocation, type TestDatabaseType } from '../../../testing/test-location.js';
import { createDataSource } from './data-source.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { isMigrated, migrate } from './migrate.js';
import { openDatabase } from './open-database.js';

const TABLES = [
  'api_key_labels',
  'api_key_quotas',
  'api_key_secrets',
  'api_key_usage_days',
  'api_key_usage_hours',
  'api_keys',
  'audit_events',
  'bootstrap',
  'console_links',
  'console_sessions',
  'credential_leases',
  'job_leases',
  'key_settings',
  'members',
  'operator_events',
  'operator_keys',
  'organizations',
  'use_observations',
];
const MIGRATIONS = identityMigrations().length;
const CATALOGUES: Readonly<Record<TestDatabaseType, string>> = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  postgres: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
};

async function tablesOf(type: TestDatabaseType, dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(CATALOGUES[type]);
  return rows
    .map((row) => row.name)
    .filter((name) => name !== 'migrations')
    .sort();
}

/** Undoes the migrations behind the first ones. */
async function undoUntil(dataSource: DataSource, left: number): Promise<void> {
  const applied = await dataSource.query<unknown[]>('SELECT * FROM migrations');
  for (let count = applied.length; count > left; count -= 1) await dataSource.undoLastMigration();
}

describe.each(DATABASES)('migrations of %s', (type) => {
  it('go up, down and up again', async () => {
    const database = await openTestDatabase(type);
    const { dataSource, organizations } = database;
    await expect(isMigrated(dataSource)).resolves.toBe(true);
    await expect(tablesOf(type, dataSource)).resolves.toEqual(TABLES);
    await undoUntil(dataSource, 0);
    await expect(isMigrated(dataSource)).resolves.toBe(false);
    await expect(tablesOf(type, dataSource)).resolves.toEqual([]);
    await migrate(dataSource);
    await organizations.insert(aNewOrganization());
    await expect(organizations.list()).resolves.toHaveLength(1);
    await database.close();
  });

  it('give the unrevoked keys that are there their places, by age, and leave everything else as it is', async () => {
    const database = await openTestDatabase(type);
    const { dataSource, organizations, apiKeys } = database;
    const [stored, other] = [aNewOrganization(), aNewOrganization()];
    for (const each of [stored, other]) await organizations.insert(each);
    const at = (ms: number) => new Date(stored.apiKey.createdAt.getTime() + ms);
    const [newest, revoked, middle] = [
      aNewApiKey(stored.owner, { createdAt: at(2) }),
      aNewApiKey(stored.owner, { createdAt: at(1), revokedAt: at(9) }),
      aNewApiKey(stored.owner, { createdAt: at(1) }),
    ];
    for (const each of [newest, revoked, middle]) await apiKeys.insert(each);
    await undoUntil(dataSource, 1);
    await migrate(dataSource);
    const expected = [stored, middle, newest];
    // The migration that was undone took it along.
    const without = (apiKey: ApiKey) => apiKey.with({ createdBy: null });
    const rows = await dataSource.query<{ id: string; place: number | null }[]>('SELECT id, place FROM api_keys');
    const places = new Map(rows.map(({ id, place }) => [id, place]));
    expect([...expected, revoked, other].map(({ apiKey }) => places.get(apiKey.id))).toEqual([0, 1, 2, null, 0]);
    await expect(apiKeys.list(stored.organization.id)).resolves.toEqual(
      expected.map(({ apiKey }) => without(apiKey)).reverse(),
    );
    const { organization, owner: member, apiKey, secret } = stored;
    await expect(apiKeys.findCredential(apiKey.keyPrefix)).resolves.toEqual({
      organization,
      member,
      apiKey: without(apiKey),
      secret,
    });
    await database.close();
  });

  it('are not undone where imported keys would be lost, revoked ones too, and leave them as they are', async () => {
    const database = await openTestDatabase(type);
    const { dataSource, organizations, apiKeys } = database;
    const stored = aNewOrganization();
    await organizations.insert(stored);
    const imported = aNewImportedApiKey(stored.owner, { revokedAt: new Date() });
    await apiKeys.insertImported([imported]);
    await undoUntil(dataSource, 3);
    await expect(undoUntil(dataSource, 2)).rejects.toThrow(/Keys of other systems are stored/);
    await migrate(dataSource);
    await expect(apiKeys.findImported([imported.lookup])).resolves.toBe(imported.secret.keyPrefix);
    await database.close();
  });

  it('let an instance of the version before add organizations, which demand no scopes', async () => {
    const database = await openTestDatabase(type);
    const { dataSource, organizations } = database;
    const columns = 'id, name, created_at, disabled_at, max_key_lifetime_days, key_expiry_required';
    const values = "'01980000-0000-7000-8000-000000000001', 'Old', '2026-01-01 00:00:00.000', NULL, NULL, false";
    await dataSource.query(`INSERT INTO organizations (${columns}) VALUES (${values})`);
    await expect(organizations.list()).resolves.toMatchObject([{ policy: { scopesRequired: false } }]);
    await database.close();
  });

  it('are applied once when the database is opened again, and its rows stay', async () => {
    const first = await openTestDatabase(type);
    await first.organizations.insert(aNewOrganization());
    await first.close();
    const second = await openTestDatabase(type, first.location);
    await expect(second.organizations.list()).resolves.toHaveLength(1);
    await expect(second.dataSource.query('SELECT * FROM migrations')).resolves.toHaveLength(MIGRATIONS);
    await second.close();
  });

  it('are applied once by four that open an empty database at the same time (DU7)', async () => {
    const location = await emptyLocation(type);
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ location, poolSize: 2 })));
    for (const dataSource of opened) await expect(isMigrated(dataSource)).resolves.toBe(true);
    await expect(opened[0]!.query('SELECT * FROM migrations')).resolves.toHaveLength(MIGRATIONS);
    await Promise.all(opened.map((dataSource) => dataSource.destroy()));
  });

  it('make exactly the tables that the rows describe', async () => {
    const database = await openTestDatabase(type);
    const { dataSource } = database;
    const rows = dataSource.entityMetadatas.map((metadata) => metadata.tableName).sort();
    expect(rows).toEqual(TABLES);
    const runner = dataSource.createQueryRunner();
    for (const metadata of dataSource.entityMetadatas) {
      const table = await runner.getTable(metadata.tableName);
      const described = metadata.columns.map((column) => [column.databaseName, column.isNullable]);
      expect(new Map(table?.columns.map((column) => [column.name, column.isNullable]))).toEqual(
        new Map(described as [string, boolean][]),
      );
    }
    await runner.release();
    await database.close();
  });

  it('are not yet applied on a database that was only connected', async () => {
    const dataSource = createDataSource({ location: await emptyLocation(type), poolSize: 2 });
    await dataSource.initialize();
    await migrate(dataSource);
    await dataSource.query('DELETE FROM migrations');
    await expect(isMigrated(dataSource)).resolves.toBe(false);
    await dataSource.destroy();
  });
});
