import { setTimeout as sleep } from 'node:timers/promises';
import { aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';

const HELD_MS = 300;
const LONGEST_PAUSE_MS = 500;
const PATIENCE_MS = 10_000;
const WAITING = 40;

let database: TestDatabase;
let other: Database.Database;

beforeEach(async () => {
  database = await openTestDatabase('sqlite');
  if (database.location.type !== 'sqlite') throw new Error('not SQLite');
  // SQLite locks out a second connection of this process as it does one of another process.
  other = new Database(database.location.path);
});
afterEach(async () => {
  other.close();
  await database.close();
});

/** The longest time that the event loop stood still while `work` ran, in milliseconds. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work.finally(() => clearInterval(timer));
  return longest;
}

describe('a write while another connection holds the lock of SQLite', () => {
  it('succeeds when the lock is released, and the event loop runs meanwhile', async () => {
    other.exec('BEGIN IMMEDIATE');
    const released = sleep(HELD_MS).then(() => other.exec('COMMIT'));
    const started = performance.now();
    const write = database.organizations.insert(aNewOrganization());
    await expect(longestPause(write)).resolves.toBeLessThan(LONGEST_PAUSE_MS);
    expect(performance.now() - started).toBeGreaterThan(HELD_MS - 50);
    await released;
    await expect(database.organizations.list()).resolves.toHaveLength(1);
  });

  it('does not hold up reads', async () => {
    const created = aNewOrganization();
    await database.organizations.insert(created);
    other.exec('BEGIN IMMEDIATE');
    const write = database.organizations.insert(aNewOrganization());
    expect(await database.apiKeys.findCredential(created.apiKey.keyPrefix)).not.toBeNull();
    other.exec('COMMIT');
    await write;
  });

  it(
    'ends in storage.unavailable within 5 s, however many wait, when the lock is never released, and works again afterwards',
    async () => {
      other.exec('BEGIN IMMEDIATE');
      const writes = Array.from({ length: WAITING }, () => database.organizations.insert(aNewOrganization()));
      const started = performance.now();
      const outcomes = Promise.allSettled(writes);
      await expect(longestPause(outcomes)).resolves.toBeLessThan(LONGEST_PAUSE_MS);
      for (const outcome of await outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'storage.unavailable' } });
      }
      expect(performance.now() - started).toBeLessThan(5000);
      other.exec('COMMIT');
      await database.organizations.insert(aNewOrganization());
      await expect(database.organizations.list()).resolves.toHaveLength(1);
    },
    PATIENCE_MS,
  );
});
