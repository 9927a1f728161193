import type { NewOrganization } from '@feather-identity/core';
import { aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import { DataSource, DefaultNamingStrategy } from 'typeorm';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES, emptyLocation, type TestDatabaseType } from '../../../testing/test-location.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { Storage } from '../sql/storage.js';

const LONGEST_NAME = 63;
const PREFIX = { tablePrefix: 'auth_' };
const NAMINGS = { sqlite: PREFIX, postgres: { ...PREFIX, schema: 'order' } };

/** Every table, index and constraint that has a name of its own, as `schema.name`. */
const CATALOGUES: Readonly<Record<TestDatabaseType, string>> = {
  sqlite: "SELECT 'main.' || name AS name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
  postgres:
    "SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class " +
    "WHERE relkind IN ('r', 'i') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' " +
    "UNION ALL SELECT connamespace::regnamespace || '.' || conname FROM pg_constraint " +
    // PostgreSQL names these itself.
    "WHERE contype <> 'n' AND connamespace::regnamespace::text !~ '^(pg_|information_schema)'",
};

/** Names everything that has no name of its own in a way that no statement of ours does. */
class LoudNamingStrategy extends DefaultNamingStrategy {
  override tableName(targetName: string, userSpecifiedName: string | undefined): string {
    return `${userSpecifiedName ?? targetName}_table`;
  }

  override columnName(propertyName: string, customName: string): string {
    return customName || propertyName.toUpperCase();
  }
}

async function namesIn({ location, dataSource }: TestDatabase): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(CATALOGUES[location.type]);
  return rows.map(({ name }) => name).sort();
}

async function storeIn(database: TestDatabase): Promise<NewOrganization> {
  const created = aNewOrganization();
  await database.organizations.insertBootstrap(created);
  return created;
}

async function undoOurMigrations(dataSource: DataSource): Promise<void> {
  for (let left = identityMigrations().length; left > 0; left -= 1) await dataSource.undoLastMigration();
}

describe.each(DATABASES)("an application's database on %s", (type) => {
  it('keeps its own tables, whatever becomes of ours', async () => {
    const database = await openHostDatabase({ type, naming: NAMINGS[type] });
    const { dataSource } = database;
    await dataSource.query("INSERT INTO api_keys (label) VALUES ('mine')");
    await storeIn(database);
    await undoOurMigrations(dataSource);
    expect((await namesIn(database)).filter((name) => name.includes('auth_'))).toEqual([]);
    expect(await dataSource.query('SELECT label FROM api_keys')).toEqual([{ label: 'mine' }]);
    await dataSource.runMigrations();
    await storeIn(database);
    await database.close();
  });

  it('is synchronized without a change of our tables', async () => {
    const first = await openHostDatabase({ type, naming: NAMINGS[type] });
    const before = await namesIn(first);
    await first.dataSource.synchronize();
    expect(await namesIn(first)).toEqual(before);
    expect((await first.dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
    await first.close();
  });

  it('has several installations that know nothing of each other', async () => {
    const service = await openTestDatabase(type);
    const { location } = service;
    const [a, b] = [
      await openHostDatabase({ type, naming: { tablePrefix: 'a_' }, location, ownTables: false }),
      await openHostDatabase({ type, naming: { tablePrefix: 'b_' }, location, ownTables: false }),
    ];
    const installations = [service, a, b];
    const stored: NewOrganization[] = [];
    for (const installation of installations) stored.push(await storeIn(installation));
    const whatIsFound = () =>
      Promise.all(
        installations.map(async ({ apiKeys }) => {
          const found = await Promise.all(stored.map(({ apiKey }) => apiKeys.findCredential(apiKey.keyPrefix)));
          return found.map((credential) => credential !== null);
        }),
      );
    expect(await whatIsFound()).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    await undoOurMigrations(b.dataSource);
    await b.dataSource.runMigrations();
    expect(await whatIsFound()).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, false],
    ]);
    await Promise.all(installations.map((installation) => installation.close()));
  });

  it("is read and written by the names that the application's own prefix and naming strategy make", async () => {
    const options = { entityPrefix: 'MyApp ', namingStrategy: new LoudNamingStrategy() };
    const database = await openHostDatabase({ type, naming: PREFIX, options });
    const stored = await storeIn(database);
    expect(await database.apiKeys.findCredential(stored.apiKey.keyPrefix)).toMatchObject({ apiKey: stored.apiKey });
    expect(await database.apiKeys.list(stored.organization.id)).toEqual([stored.apiKey]);
    expect(await namesIn(database)).toContainEqual(expect.stringMatching(/\.MyApp auth_api_keys_table$/));
    await database.close();
  });

  it('has names that no database cuts off, with the longest prefix', async () => {
    const prefix = 'p'.repeat(24);
    const database = await openHostDatabase({ type, naming: { tablePrefix: prefix } });
    const names = (await namesIn(database)).map((name) => name.slice(name.indexOf('.') + 1));
    expect(names).toContain(`ix_${prefix}api_key_secrets_api_key_id`);
    expect(names.filter((name) => name.length >= LONGEST_NAME)).toEqual([]);
    await database.close();
  });

  it('that was not told of our tables is refused by name', async () => {
    const location = await emptyLocation(type);
    const dataSource = new DataSource(
      location.type === 'sqlite'
        ? { type: 'better-sqlite3', database: location.path }
        : { type: 'postgres', url: location.url, installExtensions: false },
    );
    await dataSource.initialize();
    expect(() => new Storage(dataSource).statements.tables).toThrow('identityEntities()');
    await dataSource.destroy();
  });
});
