import { aNewOrganization, aRevocationOf } from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { DataSource, Logger } from 'typeorm';
import { openHostDatabase } from '../../../testing/open-host-database.js';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

const NOW = new Date('2026-05-06T07:08:09.010Z');

/** Counts the look-ups that reach the database. */
function countLookUps(dataSource: DataSource): { lookUps: number } {
  const counted = { lookUps: 0 };
  const logger: Logger = dataSource.logger;
  const logQuery = logger.logQuery.bind(logger);
  logger.logQuery = (text, ...rest) => {
    if (text.includes('FROM "api_key_secrets" s')) counted.lookUps += 1;
    logQuery(text, ...rest);
  };
  return counted;
}

describe.each(DATABASES)('the look-up of a credential on %s', (type) => {
  let database: TestDatabase;
  let other: TestDatabase;
  let stored: NewOrganization;
  let counted: { lookUps: number };

  beforeEach(async () => {
    database = await openTestDatabase(type);
    // Its own connections, as another process has.
    other = await openTestDatabase(type, database.location);
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    counted = countLookUps(database.dataSource);
  });
  afterEach(() => Promise.all([database.close(), other.close()]));

  const find = async () => (await database.apiKeys.findCredential(stored.apiKey.keyPrefix)) ?? undefined;

  const WRITES: Readonly<Record<string, (writer: TestDatabase) => Promise<unknown>>> = {
    'the key is revoked': (writer) =>
      writer.apiKeys.revoke(stored.organization.id, stored.apiKey.id, aRevocationOf(stored.apiKey, NOW)),
    'a row is changed by hand': ({ dataSource }) =>
      dataSource.query(`UPDATE api_keys SET revoked_at = '2026-05-06 07:08:09.010' WHERE id = '${stored.apiKey.id}'`),
  };

  describe.each(['this process', 'another one'])('%s writes', (writing) => {
    const writer = () => (writing === 'this process' ? database : other);

    it.each(Object.entries(WRITES))('shows it at once when %s (RV1)', async (_what, write) => {
      for (let round = 0; round < 5; round += 1) expect((await find())?.apiKey.revokedAt).toBeNull();
      await write(writer());
      expect((await find())?.apiKey.revokedAt).not.toBeNull();
    });

    it('shows an organization that is disabled and a proof that is renewed', async () => {
      expect(await find()).toMatchObject({ organization: { disabledAt: null } });
      await writer().dataSource.query("UPDATE organizations SET disabled_at = '2026-05-06 07:08:09.010'");
      expect((await find())?.organization.disabledAt).not.toBeNull();
      await writer().apiKeys.replaceProofs([
        { secretId: stored.secret.id, expected: stored.secret.proof, proof: 'renewed' },
      ]);
      expect((await find())?.secret.proof).toBe('renewed');
    });

    it('finds a key at once that was looked for in vain before (RV7)', async () => {
      const late = aNewOrganization();
      expect(await database.apiKeys.findCredential(late.apiKey.keyPrefix)).toBeNull();
      await writer().organizations.insert(late);
      expect(await database.apiKeys.findCredential(late.apiKey.keyPrefix)).toMatchObject({ apiKey: late.apiKey });
    });
  });

  it('is one statement for all that is looked for in one turn, and each gets its own', async () => {
    const others = Array.from({ length: 20 }, () => aNewOrganization());
    for (const created of others) await database.organizations.insert(created);
    counted.lookUps = 0;
    const found = await Promise.all(
      [...others, stored, ...others].map(({ apiKey }) => database.apiKeys.findCredential(apiKey.keyPrefix)),
    );
    expect(found.map((credential) => credential?.apiKey.id)).toEqual(
      [...others, stored, ...others].map(({ apiKey }) => apiKey.id),
    );
    // SQLite has no round trip to save: it reads each row once.
    expect(counted.lookUps).toBe(type === 'sqlite' ? others.length + 1 : 1);
  });

  it('fails a damaged row alone (OU4)', async () => {
    const damaged = aNewOrganization();
    await database.organizations.insert(damaged);
    await database.dataSource.query(`UPDATE api_keys SET scopes = '{' WHERE id = '${damaged.apiKey.id}'`);
    const [broken, fine] = await Promise.all(
      [damaged, stored].map(({ apiKey }) => database.apiKeys.findCredential(apiKey.keyPrefix)),
    );
    expect(broken?.apiKey.grant.scopes).toEqual([]);
    expect(fine).toMatchObject({ apiKey: stored.apiKey });
  });

  it('reads the row again each time on PostgreSQL, and on SQLite only after something was written', async () => {
    for (let round = 0; round < 5; round += 1) await find();
    expect(counted.lookUps).toBe(type === 'sqlite' ? 1 : 5);
    await database.apiKeys.recordLastUsed(new Map([[stored.apiKey.id, NOW]]));
    await find();
    expect(counted.lookUps).toBe(type === 'sqlite' ? 2 : 6);
  });
});

describe('look-ups that share one look at the database', () => {
  it('take it after the last of them: what is committed between two of them shows in both', async () => {
    const database = await openTestDatabase('sqlite');
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    if (database.location.type !== 'sqlite') throw new Error('not SQLite');
    const other = new Database(database.location.path);
    const find = () => database.apiKeys.findCredential(stored.apiKey.keyPrefix);
    await find();
    const before = find();
    other.prepare("UPDATE api_keys SET revoked_at = '2026-05-06 07:08:09.010'").run();
    const after = find();
    expect((await after)?.apiKey.revokedAt).toEqual(NOW);
    expect((await before)?.apiKey.revokedAt).toEqual(NOW);
    other.close();
    await database.close();
  });
});

describe('a row that is read while the application has a transaction open on SQLite (RV3)', () => {
  it('is not kept: it may be rolled back', async () => {
    const database = await openTestDatabase('sqlite');
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    const revokedAt = async () =>
      (await database.apiKeys.findCredential(stored.apiKey.keyPrefix))?.apiKey.revokedAt ?? null;
    expect(await revokedAt()).toBeNull();
    await database.dataSource
      .transaction(async (manager) => {
        await manager.query("UPDATE api_keys SET revoked_at = '2026-05-06 07:08:09.010'");
        await revokedAt();
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(await revokedAt()).toBeNull();
    await database.close();
  });

  it('is shared by requests and cannot be changed by them', async () => {
    const database = await openTestDatabase('sqlite');
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    const found = await database.apiKeys.findCredential(stored.apiKey.keyPrefix);
    expect(await database.apiKeys.findCredential(stored.apiKey.keyPrefix)).toBe(found);
    expect(Object.values(found ?? {}).every((part) => Object.isFrozen(part))).toBe(true);
    expect(Object.isFrozen(found?.apiKey.grant.scopes)).toBe(true);
    await database.close();
  });
});

describe('a row of PostgreSQL whose instants the application parses in its own way', () => {
  it('is no credential: its end would be compared with something else than a time', async () => {
    const types = { getTypeParser: () => (text: string) => text };
    const database = await openHostDatabase({
      type: 'postgres',
      naming: {},
      ownTables: false,
      options: { extra: { types } },
    });
    const stored = aNewOrganization();
    await database.organizations.insert(stored);
    await expect(database.apiKeys.findCredential(stored.apiKey.keyPrefix)).rejects.toThrow('timestamptz');
    await database.close();
  });
});
