import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { assertReady } from '../database/readiness.js';

/** Skipped where this user may not mount, as in a container without CAP_SYS_ADMIN. */
const whereMountsAreAllowed = spawnSync('unshare', ['-m', 'true']).status === 0 ? it : it.skip;

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

whereMountsAreAllowed(
  'a service on a full disk is not ready until there is room, which it finds out by itself',
  async () => {
    const location = await emptyLocation('sqlite');
    if (location.type !== 'sqlite') throw new Error('not SQLite');
    const disk = join(dirname(location.path), 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    const onDisk = await openTestDatabase('sqlite', { type: 'sqlite', path: join(disk, 'identity.db') });
    try {
      expect(() => {
        writeFileSync(join(disk, 'other'), Buffer.alloc(4_000_000));
      }).toThrow('ENOSPC');
      await expect(assertReady(onDisk.dataSource)).resolves.toBeUndefined();
      const large = () => onDisk.organizations.insert(aNewOrganization({ name: TOO_LONG_FOR_A_FULL_DISK }));
      await expect(large()).rejects.toMatchObject({
        code: 'storage.unavailable',
        cause: { message: 'The disk of the database is full: make room. (SQLITE_FULL)' },
      });
      await expect(assertReady(onDisk.dataSource)).rejects.toMatchObject({
        name: 'DatabaseNotReadyError',
        message: 'The disk of the database is full: make room. (SQLITE_FULL)',
      });
      rmSync(join(disk, 'other'));
      await expect(assertReady(onDisk.dataSource)).resolves.toBeUndefined();
      await large();
    } finally {
      await onDisk.close();
      execFileSync('umount', [disk]);
    }
  },
);
