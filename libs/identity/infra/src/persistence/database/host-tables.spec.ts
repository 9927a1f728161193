import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES, emptyLocation } from '../../../testing/test-location.js';
import type { TableNaming } from '../tables/tables.js';
import type { DatabaseLocation } from './database-url.js';
import { openDatabase } from './open-database.js';

/** All tables with their columns, to see that nothing was added. */
async function tablesOf(dataSource: DataSource): Promise<unknown> {
  return dataSource.query(
    dataSource.options.type === 'postgres'
      ? 'SELECT table_schema, table_name, column_name FROM information_schema.columns ORDER BY 1, 2, 3'
      : 'SELECT sql FROM sqlite_master ORDER BY name',
  );
}

async function expectRefused(location: DatabaseLocation, host: DataSource, named: string): Promise<void> {
  const before = await tablesOf(host);
  for (const migrates of [true, false]) {
    const opened = openDatabase({ location, poolSize: 2, migrates });
    await expect(opened).rejects.toMatchObject({ name: 'HostTablesError', message: expect.stringContaining(named) });
  }
  await expect(tablesOf(host)).resolves.toEqual(before);
}

describe.each(DATABASES)('a database on %s with identity tables of an application', (type) => {
  const namings: readonly (readonly [TableNaming, string])[] = [
    [{ tablePrefix: 'auth_' }, ' auth_organizations, auth_members, auth_api_keys, auth_api_key_secrets.'],
    ...(type === 'postgres' ? [[{ schema: 'auth' }, ' auth.organizations,'] as const] : []),
  ];

  it.each(namings)(
    'named by %j is refused before anything is created, and the tables are named',
    async (naming, named) => {
      const host = await openHostDatabase({ type, naming, ownTables: false });
      await expectRefused(host.location, host.dataSource, named);
      await host.close();
    },
  );

  it("is refused, too, where the application's own settings name the tables", async () => {
    const options = { entityPrefix: 'Shop_', extra: {} };
    const host = await openHostDatabase({ type, naming: {}, ownTables: false, options });
    await expectRefused(host.location, host.dataSource, ' Shop_organizations,');
    await host.close();
  });

  it('is opened where this program has tables of its own, or the others only look like ours', async () => {
    const location = await emptyLocation(type);
    const first = await openTestDatabase(type, location);
    await first.dataSource.query('CREATE TABLE crm_api_key_secrets (id integer, key_prefix text)');
    const host = await openHostDatabase({ type, naming: { tablePrefix: 'auth_' }, location, ownTables: false });
    await (await openTestDatabase(type, location)).close();
    await host.close();
    await first.close();
    const other = await openHostDatabase({ type, naming: { tablePrefix: 'auth_' }, ownTables: false });
    // An application may have a table of this name for something else.
    await other.dataSource.query('ALTER TABLE auth_api_key_secrets RENAME COLUMN proof TO photo');
    await (await openTestDatabase(type, other.location)).close();
    await other.close();
  });
});
