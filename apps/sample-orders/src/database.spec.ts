import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { databaseOptions } from './database.js';

const SERVICE = { baseUrl: 'http://localhost:8000', apiKey: 'key' };

describe('the database', () => {
  let folder: string;
  let dataSource: DataSource;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sample-orders-'));
  });

  afterEach(async () => {
    await dataSource.destroy();
    rmSync(folder, { recursive: true });
  });

  async function tables(identityService: typeof SERVICE | null): Promise<string[]> {
    const database = { type: 'sqlite', path: join(folder, 'orders.db') } as const;
    const options = databaseOptions({ database, identityService }) as DataSourceOptions;
    dataSource = await new DataSource(options).initialize();
    const rows = await dataSource.query<{ name: string }[]>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    return rows.map(({ name }) => name).sort();
  }

  it('has the tables of keys beside its own', async () => {
    expect(await tables(null)).toEqual(expect.arrayContaining(['orders', 'auth_api_keys', 'auth_organizations']));
  });

  it('has no tables of keys where a service has them', async () => {
    expect(await tables(SERVICE)).toEqual(['migrations', 'orders']);
  });

  it('is after its migrations as its entities say', async () => {
    await tables(SERVICE);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
