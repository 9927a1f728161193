import { setTimeout as sleep } from 'node:timers/promises';
import type { NewOrganization } from '@feather-identity/core';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';

const HELD_MS = 150;
const WRITES = 40;
const PATIENCE_MS = 10_000;
const AT_LATEST_MS = 5500;

describe("the host's transactions on the SQLite connection that it shares with us", () => {
  let database: TestDatabase;
  let other: Database.Database;
  let stored: NewOrganization;

  beforeEach(async () => {
    database = await openTestDatabase('sqlite');
    if (database.location.type !== 'sqlite') throw new Error('not SQLite');
    // Sees what is committed, and nothing else.
    other = new Database(database.location.path);
    other.exec('CREATE TABLE orders (id integer PRIMARY KEY)');
    stored = aNewOrganization();
    await database.organizations.insert(stored);
  });
  afterEach(async () => {
    other.close();
    await database.close();
  });

  const committed = (table: string) => other.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  const insertKey = () => database.apiKeys.insert(aNewApiKey(stored.owner));
  const insertOrder = () => database.dataSource.query('INSERT INTO orders DEFAULT VALUES');

  it('are waited for, and take back none of our acknowledged writes', async () => {
    // Another request's.
    const insert = sleep(HELD_MS / 3).then(insertKey);
    const rolledBack = database.dataSource.transaction(async () => {
      await insertOrder();
      await sleep(HELD_MS);
      expect(committed('api_keys')).toBe(1);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await insert;
    expect([committed('orders'), committed('api_keys')]).toEqual([0, 2]);
  });

  it('begin at any moment of ours, and neither disturbs the other', async () => {
    const outcomes: Promise<unknown>[] = [];
    for (let made = 0; made < WRITES; made += 1) {
      outcomes.push(insertKey());
      for (let turn = 0; turn < made; turn += 1) await Promise.resolve();
      outcomes.push(database.dataSource.transaction(insertOrder));
      await Promise.all(outcomes);
    }
    expect([committed('orders'), committed('api_keys')]).toEqual([WRITES, WRITES + 1]);
  });

  it('and its single statements are no part of a write of ours that is undone', async () => {
    const twin = aNewApiKey(stored.owner, { id: stored.apiKey.id });
    for (let made = 0; made < WRITES; made += 1) {
      const refused = expect(database.apiKeys.insert(twin)).rejects.toMatchObject({ code: 'api_key.conflict' });
      for (let turn = 0; turn < made; turn += 1) await Promise.resolve();
      await insertOrder();
      await refused;
    }
    expect(committed('orders')).toBe(WRITES);
  });

  it(
    'that TypeORM does not know of, and that wait for a write of ours, get storage.unavailable, and lose nothing',
    async () => {
      const started = performance.now();
      await database.dataSource.query('BEGIN');
      await insertOrder();
      await expect(insertKey()).rejects.toMatchObject({ code: 'storage.unavailable' });
      await database.dataSource.query('COMMIT');
      expect(performance.now() - started).toBeLessThan(AT_LATEST_MS);
      expect([committed('orders'), committed('api_keys')]).toEqual([1, 1]);
      await insertKey();
    },
    PATIENCE_MS,
  );
});
