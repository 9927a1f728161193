import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';

const NO_LIMIT = 1_000_000;
const TOO_LONG_FOR_A_FULL_DISK = 'x'.repeat(100_000);

let database: TestDatabase;
let other: Database.Database;

beforeEach(async () => {
  database = await openTestDatabase('sqlite');
  if (database.location.type !== 'sqlite') throw new Error('not SQLite');
  other = new Database(database.location.path);
});
afterEach(async () => {
  other.close();
  await database.close();
});

/** Sets how many pages the database may have, as a disk does. */
function limitPages(pages: number): Promise<unknown> {
  return database.dataSource.query(`PRAGMA max_page_count = ${pages}`);
}

/** What another process sees: committed rows alone. */
function committed(): unknown {
  return other.prepare('SELECT count(*) FROM organizations').pluck().get();
}

describe('SQLite on a full disk', () => {
  it('refuses the write as storage.unavailable and keeps nothing of it', async () => {
    await limitPages(1);
    const created = aNewOrganization({ name: TOO_LONG_FOR_A_FULL_DISK });
    await expect(database.organizations.insert(created)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(committed()).toBe(0);
  });

  it('commits what it acknowledges once there is space again, also after another failed write', async () => {
    await limitPages(1);
    const refused = aNewOrganization({ name: TOO_LONG_FOR_A_FULL_DISK });
    await expect(database.organizations.insert(refused)).rejects.toMatchObject({ code: 'storage.unavailable' });
    await limitPages(NO_LIMIT);

    const first = aNewOrganization();
    await database.organizations.insert(first);
    expect(committed()).toBe(1);
    const twin = aNewApiKey(first.owner, { id: first.apiKey.id });
    await expect(database.apiKeys.insert(twin)).rejects.toMatchObject({ code: 'api_key.conflict' });
    await database.organizations.insert(aNewOrganization());
    expect(committed()).toBe(2);
    other.exec('BEGIN IMMEDIATE');
    other.exec('COMMIT');
  });
});
