import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anAuditEvent, aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { temporaryFolder } from '../../../testing/test-location.js';
import { backUpSqlite, inspectDatabase } from './backup.js';

/** More than is copied at once. */
const BALLAST_MIB = 20;
const NOW = new Date();

describe('a backup of SQLite', () => {
  let database: TestDatabase;
  let source: string;
  let folder: string;
  let target: string;
  const stored = aNewOrganization();
  const { owner } = stored;

  beforeEach(async () => {
    database = await openTestDatabase('sqlite');
    source = String(database.dataSource.options.database);
    folder = temporaryFolder();
    target = join(folder, 'backup.db');
    await database.organizations.insert(stored);
  });
  afterEach(() => database.close());

  const inspect = (path = target) => inspectDatabase({ type: 'sqlite', path }, NOW);

  it('has what was there when it began, and comes to an end, however much is written meanwhile', async () => {
    await database.dataSource.query('CREATE TABLE ballast (bytes blob)');
    await database.dataSource.query(`INSERT INTO ballast VALUES (zeroblob(${BALLAST_MIB * 1024 * 1024}))`);
    const writes: Promise<unknown>[] = [];
    const seen: number[] = [];
    await backUpSqlite(source, target, {
      onProgress: (fraction) => {
        seen.push(fraction);
        // An end to the writing, for the copy that would begin anew with each of them.
        if (writes.length < 40) writes.push(database.apiKeys.insert(aNewApiKey(owner)));
      },
    });
    await Promise.all(writes);
    expect(writes.length).toBeGreaterThan(3);
    expect(writes.length).toBeLessThan(20);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    await expect(inspect()).resolves.toMatchObject({ schema: 'current', organizations: 1, apiKeys: 1 });
    await expect(inspect(source)).resolves.toMatchObject({ apiKeys: 1 + writes.length });
  });

  it('is told without organizations that were deleted', async () => {
    const { organization, ...rest } = aNewOrganization();
    await database.organizations.insert({ organization, ...rest });
    await database.organizations.delete(organization.id, () => anAuditEvent({ organizationId: organization.id }));
    await backUpSqlite(source, target);
    await expect(inspect()).resolves.toMatchObject({ organizations: 1, apiKeys: 1 });
  });

  it('has the newest key, which is only in the -wal file yet, and is one private file that can be copied on', async () => {
    await database.apiKeys.insert(aNewApiKey(owner));
    expect(statSync(`${source}-wal`).size).toBeGreaterThan(0);
    await backUpSqlite(source, target);
    expect(readdirSync(folder)).toEqual(['backup.db']);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const copied = join(folder, 'copied.db');
    writeFileSync(copied, readFileSync(target));
    await expect(inspect(copied)).resolves.toMatchObject({ apiKeys: 2, mayLackLatest: false });
    // A plain copy of the file in use, which is why this exists.
    writeFileSync(copied, readFileSync(source));
    await expect(inspect(copied)).resolves.toMatchObject({ mayLackLatest: true });
  });

  it.each(['', '-wal', '-journal', '.partial'])('never replaces a file: backup.db%s', async (end) => {
    writeFileSync(target + end, 'of somebody else');
    await expect(backUpSqlite(source, target)).rejects.toThrow(`${target}${end} `);
    expect(readFileSync(target + end, 'utf8')).toBe('of somebody else');
    expect(readdirSync(folder)).toEqual([`backup.db${end}`]);
  });

  it('does not replace a file that appears while it is made', async () => {
    const backup = backUpSqlite(source, target, { onProgress: () => writeFileSync(target, 'of somebody else') });
    await expect(backup).rejects.toMatchObject({ name: 'BackupError' });
    expect(readFileSync(target, 'utf8')).toBe('of somebody else');
    expect(readdirSync(folder)).toEqual(['backup.db']);
  });

  it('is refused for a missing, a damaged and another file, and leaves nothing behind', async () => {
    const other = join(temporaryFolder(), 'other.db');
    await expect(backUpSqlite(other, target)).rejects.toThrow(`${other} does not exist.`);
    writeFileSync(other, 'notes'.repeat(1000));
    await expect(backUpSqlite(other, target)).rejects.toThrow(`${other} is damaged, or no SQLite database`);
    await expect(inspect(other)).rejects.toThrow(`${other} is damaged, or no SQLite database`);
    const dump = join(folder, 'other.dump');
    writeFileSync(dump, `PGDMP\u0001${'x'.repeat(1000)}`);
    await expect(inspect(dump)).rejects.toThrow(`${dump} is a dump of PostgreSQL`);
    rmSync(dump);
    await backUpSqlite(source, join(folder, 'whole.db'));
    writeFileSync(other, readFileSync(join(folder, 'whole.db')));
    truncateSync(other, statSync(other).size / 2);
    await expect(backUpSqlite(other, target)).rejects.toThrow(`${other} is damaged, or no SQLite database`);
    await expect(inspect(other)).rejects.toThrow(`${other} is damaged, or no SQLite database`);
    expect(readdirSync(folder)).toEqual(['whole.db']);
  });

  it('is not taken for whole where a row lacks its parent', async () => {
    await database.dataSource.query('PRAGMA foreign_keys = OFF');
    await database.dataSource.query('DELETE FROM api_keys');
    await expect(backUpSqlite(source, target)).rejects.toThrow(
      `${source} is damaged, or no SQLite database: rows of api_key_secrets belong to nothing`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('another database is not taken for one of ours', async () => {
  const database = await openTestDatabase('sqlite');
  const path = join(temporaryFolder(), 'other.db');
  await database.dataSource.query(`ATTACH '${path}' AS other`);
  await database.dataSource.query('CREATE TABLE other.notes (text text)');
  await database.close();
  await expect(inspectDatabase({ type: 'sqlite', path }, NOW)).rejects.toThrow(
    `${path} holds no Feather Identity data.`,
  );
});
