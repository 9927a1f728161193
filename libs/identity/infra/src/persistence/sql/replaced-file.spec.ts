import { copyFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { aNewApiKey, aNewOrganization, aRevocationOf } from '@feather-identity/core/testing';
import type { NewApiKey, NewOrganization } from '@feather-identity/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase, testDatabase } from '../../../testing/open-test-database.js';
import { identityEntities } from '../tables/tables.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import { DatabaseNotReadyError } from './errors.js';
import { assertReady } from '../database/readiness.js';

const UNAVAILABLE = { code: 'storage.unavailable' };

/** What may become of the files of a database that is in use. `backup` is a copy of it, from before. */
const FAULTS: Readonly<Record<string, (path: string, backup: string) => void>> = {
  'its file is deleted': (path) => {
    rmSync(path);
  },
  'a backup is moved to its place': (path, backup) => {
    renameSync(backup, path);
  },
  'another file is put into its place': (path, backup) => {
    rmSync(path);
    copyFileSync(backup, path);
  },
  'a link that leads nowhere is put into its place': (path) => {
    rmSync(path);
    symlinkSync(path, path);
  },
  'its write-ahead log is deleted': (path) => {
    rmSync(`${path}-wal`);
  },
  'its shared memory is deleted': (path) => {
    rmSync(`${path}-shm`);
  },
  'its folder is renamed': (path) => {
    renameSync(dirname(path), `${dirname(path)}-old`);
  },
};

describe.each([
  ['the service', () => openTestDatabase('sqlite')],
  ['an application', () => openHostDatabase({ type: 'sqlite', naming: { tablePrefix: 'auth_' } })],
] as const)('a SQLite database in use by %s', (_, open) => {
  let database: TestDatabase;
  let path: string;
  let stored: NewOrganization;
  let revoked: NewApiKey;

  beforeEach(async () => {
    database = await open();
    if (database.location.type !== 'sqlite') throw new Error('not SQLite');
    ({ path } = database.location);
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    revoked = aNewApiKey(stored.owner);
    await database.apiKeys.insert(revoked);
    await database.dataSource.query('VACUUM INTO ?', [`${path}.backup`]);
    await database.apiKeys.revoke(stored.organization.id, revoked.apiKey.id, aRevocationOf(revoked.apiKey));
  });
  afterEach(() => database.close());

  it.each(Object.entries(FAULTS))(
    'refuses reads, writes and look-ups and is not ready once %s',
    async (_fault, harm) => {
      await expect(assertReady(database.dataSource)).resolves.toBeUndefined();
      harm(path, `${path}.backup`);
      const { apiKeys, organizations, dataSource } = database;
      await expect(assertReady(dataSource)).rejects.toThrow(DatabaseNotReadyError);
      await expect(organizations.insert(aNewOrganization())).rejects.toMatchObject(UNAVAILABLE);
      await expect(apiKeys.findCredential(revoked.apiKey.keyPrefix)).rejects.toMatchObject(UNAVAILABLE);
      await expect(apiKeys.list(stored.organization.id)).rejects.toMatchObject(UNAVAILABLE);
    },
  );

  it('serves again once its own file is back, and has written nothing in between', async () => {
    const { apiKeys, organizations, dataSource } = database;
    renameSync(path, `${path}.away`);
    const refused = aNewOrganization();
    await expect(organizations.insert(refused)).rejects.toMatchObject(UNAVAILABLE);
    renameSync(`${path}.away`, path);
    await expect(assertReady(dataSource)).resolves.toBeUndefined();
    await expect(apiKeys.findCredential(stored.apiKey.keyPrefix)).resolves.not.toBeNull();
    expect((await organizations.list()).map(({ id }) => id)).toEqual([stored.organization.id]);
  });
});

it.each([':memory:', ''])('a host database in memory (%j) has no file that could be lost', async (database) => {
  const dataSource = await new DataSource({
    type: 'better-sqlite3',
    database,
    entities: identityEntities('better-sqlite3'),
    migrations: identityMigrations(),
    migrationsRun: true,
  }).initialize();
  const memory = testDatabase({ type: 'sqlite', path: database }, dataSource);
  const { organizations, apiKeys } = memory;
  const stored = aNewOrganization();
  await organizations.insert(stored);
  await expect(apiKeys.findCredential(stored.apiKey.keyPrefix)).resolves.not.toBeNull();
  await expect(assertReady(dataSource)).resolves.toBeUndefined();
  await memory.close();
});
