import { statSync } from 'node:fs';
import { Identity } from '@feather-identity/core';
import { anId, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { createTypeOrmIdentity } from '../../typeorm-identity.js';
import { generatePepper } from '../../crypto/pepper-ring.js';

const KEYS = 2000;
/** A page in the log of SQLite, with its head. */
const FRAME_BYTES = 4096 + 24;
const CHECKPOINT_PAGES = 200;
/** 25 keys, each with rows of its own hour and day, and the indexes of these. */
const TRANSACTION_PAGES = 100;

let database: TestDatabase;
let ids: string[] = [];
const created = aNewOrganization();

beforeEach(async () => {
  database = await openTestDatabase('sqlite');
  await database.organizations.insert(created);
  ids = Array.from({ length: KEYS }, () => anId());
  const { dataSource } = database;
  const [{ columns }] = await dataSource.query<[{ columns: string }]>(
    "SELECT group_concat(name) AS columns FROM pragma_table_info('api_keys') WHERE name NOT IN ('id', 'key_prefix', 'place')",
  );
  await dataSource.query(
    `INSERT INTO api_keys (id, key_prefix, ${columns}) SELECT value, value, ${columns} FROM json_each(?), api_keys`,
    [JSON.stringify(ids)],
  );
  await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
});

afterEach(() => database.close());

/** Uses each key once, in an order that has nothing to do with how they are stored, and writes that. */
async function flush(): Promise<void> {
  const ports = createTypeOrmIdentity({
    dataSource: database.dataSource,
    keyNamespace: 'fth',
    peppers: generatePepper(1),
  });
  const { writeBehind } = new Identity(ports, ports);
  const { id: organizationId } = created.organization;
  const createdAt = new Date();
  for (let n = 0; n < KEYS; n += 1) {
    // 1237 has no divisor in common with the number of keys.
    const id = ids[(n * 1237) % KEYS] ?? '';
    writeBehind.recordUse({ id, createdAt }, { id: '', validUntil: null, createdAt }, new Date());
    writeBehind.recordOutcome({ id, organizationId }, 'accepted', { address: '192.0.2.1' });
  }
  await writeBehind.flush();
}

it('has no more pages to copy at once than SQLite is told, and those of one transaction', async () => {
  await flush();
  const { location } = database;
  // The log is as long as it ever was.
  const frames = location.type === 'sqlite' ? statSync(`${location.path}-wal`).size / FRAME_BYTES : Infinity;
  expect(frames).toBeLessThan(CHECKPOINT_PAGES + TRANSACTION_PAGES);
});

it('changes neighbours together: 2 pages for each key, where keys in any order would take 8', async () => {
  await database.dataSource.query('PRAGMA wal_autocheckpoint = 0');
  await flush();
  const [{ log }] = await database.dataSource.query<[{ log: number }]>('PRAGMA wal_checkpoint(PASSIVE)');
  expect(log / KEYS).toBeLessThan(3);
});
