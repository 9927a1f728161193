import { openSync, writeSync } from 'node:fs';
import { aNewOrganization } from '@feather-identity/core/testing';
import { expect, it } from '@jest/globals';
import { openTestDatabase } from '../../testing/open-test-database.js';
import { assertReady } from './readiness.js';

it('a SQLite file whose pages are damaged is 503 for requests and not ready (D)', async () => {
  const database = await openTestDatabase('sqlite');
  const { location, dataSource } = database;
  if (location.type !== 'sqlite') throw new Error('not SQLite');
  const stored = aNewOrganization();
  await database.organizations.insert(stored);
  await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
  const [row] = await dataSource.query<[{ rootpage: number }]>(
    "SELECT rootpage FROM sqlite_master WHERE name = 'api_keys'",
  );
  const [{ page_size: size }] = await dataSource.query<[{ page_size: number }]>('PRAGMA page_size');
  writeSync(openSync(location.path, 'r+'), Buffer.alloc(size, 0xff), 0, size, (row.rootpage - 1) * size);
  await dataSource.query('PRAGMA shrink_memory');
  await expect(database.apiKeys.list(stored.organization.id)).rejects.toMatchObject({ code: 'storage.unavailable' });
  await expect(assertReady(dataSource)).rejects.toThrow(/^The database is damaged.*\(SQLITE_CORRUPT\)$/);
  await database.close();
});
