import { existsSync, readFileSync } from 'node:fs';
import { aNewOrganization } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { emptyLocation, queryServer } from '../../../testing/test-location.js';
import { createDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { isMigrated, NotMigratedError } from './migrate.js';
import { openDatabase } from './open-database.js';
import { NonDurableDatabaseError } from './durability.js';

const POOL = { poolSize: 2 };

async function tablesIn(location: DatabaseLocation): Promise<unknown[]> {
  const dataSource = await createDataSource({ location, ...POOL }).initialize();
  try {
    return await dataSource.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  } finally {
    await dataSource.destroy();
  }
}

describe.each(['sqlite', 'postgres'] as const)('a database on %s that is not to be migrated', (type) => {
  it('is refused and left as it is, until it was', async () => {
    const location = await emptyLocation(type);
    const options = { location, ...POOL, migrates: false };
    await expect(openDatabase(options)).rejects.toMatchObject({ state: type === 'sqlite' ? 'missing' : 'empty' });
    if (location.type === 'sqlite') expect(existsSync(location.path)).toBe(false);
    else expect(await tablesIn(location)).toEqual([]);
    await (await openTestDatabase(type, location)).close();
    const dataSource = await openDatabase(options);
    await expect(isMigrated(dataSource)).resolves.toBe(true);
    await dataSource.undoLastMigration();
    await dataSource.destroy();
    await expect(openDatabase(options)).rejects.toMatchObject({ state: 'older' });
  });
});

it('a SQLite file of something else that is not to be migrated keeps every byte', async () => {
  const location = await emptyLocation('sqlite');
  if (location.type !== 'sqlite') throw new Error('not SQLite');
  const other = new Database(location.path);
  other.exec('PRAGMA journal_mode = DELETE; CREATE TABLE orders (id)');
  other.close();
  const before = readFileSync(location.path);
  await expect(openDatabase({ location, ...POOL, migrates: false })).rejects.toThrow(NotMigratedError);
  expect(readFileSync(location.path).equals(before)).toBe(true);
});

describe('SQLite', () => {
  it('is durable after a restart and one write, as its own connection reports (DU3)', async () => {
    const first = await openTestDatabase('sqlite');
    await first.close();
    const restarted = await openTestDatabase('sqlite', first.location);
    await restarted.organizations.insert(aNewOrganization());
    const report: Record<string, unknown> = {};
    for (const pragma of ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout']) {
      const [row] = await restarted.dataSource.query<[Record<string, unknown>]>(`PRAGMA ${pragma}`);
      report[pragma] = Object.values(row)[0];
    }
    expect(report).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, busy_timeout: 50 });
    await restarted.close();
  });
});

describe('PostgreSQL', () => {
  async function locationWith(setting: string): Promise<DatabaseLocation & { type: 'postgres' }> {
    const location = await emptyLocation('postgres');
    if (location.type !== 'postgres') throw new Error('not PostgreSQL');
    await queryServer(`ALTER DATABASE ${new URL(location.url).pathname.slice(1)} SET ${setting}`);
    return location;
  }

  it('is refused when it answers a commit before it is safe, by the name of the setting', async () => {
    const location = await locationWith('synchronous_commit = off');
    const opened = openDatabase({ location, ...POOL });
    await expect(opened).rejects.toThrow(NonDurableDatabaseError);
    await expect(opened).rejects.toThrow('synchronous_commit');
  });

  it('is accepted all the same where that is allowed', async () => {
    const location = await locationWith('synchronous_commit = off');
    const dataSource = await openDatabase({ location, ...POOL, allowNonDurable: true });
    await expect(isMigrated(dataSource)).resolves.toBe(true);
    await dataSource.destroy();
  });

  it.each(['local', 'remote_write', 'on'])('is accepted with synchronous_commit = %s', async (value) => {
    const location = await locationWith(`synchronous_commit = ${value}`);
    const dataSource = await openDatabase({ location, ...POOL });
    expect(dataSource.isInitialized).toBe(true);
    await dataSource.destroy();
  });
});
