import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { temporaryFolder } from '../../../testing/test-location.js';
import { checkDurability, NonDurableDatabaseError, setSqlitePragmas } from './durability.js';

type SqliteOptions = Partial<Pick<BetterSqlite3DataSourceOptions, 'database' | 'enableWAL' | 'prepareDatabase'>>;

/** Checks the second connection: some defaults are another where the file is in WAL mode already. */
async function check(options: SqliteOptions): Promise<void> {
  const settings = { type: 'better-sqlite3', database: join(temporaryFolder(), 'orders.db'), ...options } as const;
  const first = await new DataSource(settings).initialize();
  await first.query('CREATE TABLE orders (id integer)');
  await first.destroy();
  const dataSource = await new DataSource(settings).initialize();
  try {
    await checkDurability(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

describe("an application's SQLite", () => {
  it.each<[string, SqliteOptions]>([
    ["TypeORM's defaults", {}],
    ['our settings', { prepareDatabase: setSqlitePragmas }],
    ['our settings, and `enableWAL` beside them', { prepareDatabase: setSqlitePragmas, enableWAL: true }],
  ])('is durable with %s', async (_what, options) => {
    await expect(check(options)).resolves.toBeUndefined();
  });

  it.each<[string, string, SqliteOptions]>([
    ['`enableWAL` alone', 'synchronous = 1', { enableWAL: true }],
    ['no file', 'journal_mode = memory', { database: ':memory:' }],
  ])('is not durable with %s, and is told %s', async (_what, setting, options) => {
    const checked = check(options);
    await expect(checked).rejects.toThrow(NonDurableDatabaseError);
    await expect(checked).rejects.toThrow(setting);
  });
});

describe("an application's PostgreSQL", () => {
  it('is asked for its settings', async () => {
    const database = await openTestDatabase('postgres');
    const { dataSource } = database;
    await expect(checkDurability(dataSource)).resolves.toBeUndefined();
    const asked: string[] = [];
    dataSource.logger.logQuery = (text) => void asked.push(text);
    await checkDurability(dataSource);
    expect(asked).toContain('SHOW synchronous_commit');
    await database.close();
  });
});
