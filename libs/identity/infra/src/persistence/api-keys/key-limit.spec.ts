import type { IdentityError, Member, NewOrganization } from '@feather-identity/core';
import { aNewApiKey, aNewImportedApiKey, aNewOrganization, aRevocationOf } from '@feather-identity/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

const LIMIT = 40;
const PAST = new Date('2020-01-01T00:00:00.000Z');

describe.each(DATABASES)('the limit of keys on %s', (type) => {
  let one: TestDatabase;
  let other: TestDatabase;
  let stored: NewOrganization;
  let owner: Member;

  beforeAll(async () => {
    one = await openTestDatabase(type);
    other = await openTestDatabase(type, one.location);
  });
  beforeEach(async () => {
    stored = aNewOrganization();
    ({ owner } = stored);
    await one.organizations.insert(stored);
  });
  afterAll(() => Promise.all([one.close(), other.close()]));

  const insert = ({ apiKeys }: TestDatabase) =>
    apiKeys.insert(aNewApiKey(owner), { issuedBy: stored.apiKey, maxKeys: LIMIT });
  const insertedAtOnce = async (count: number) => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: count }, (_, i) => insert(i % 2 === 0 ? one : other)),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect((outcome.reason as IdentityError).code).toBe('api_key.limit_reached');
    }
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  };
  const known = async () => {
    const rows = await one.dataSource.query<{ id: string; live_keys: number | null }[]>(
      'SELECT id, live_keys FROM organizations',
    );
    return rows.find(({ id }) => id === owner.organizationId)?.live_keys;
  };

  it('is exact for 64 inserts at once by two instances, with imported and expired keys among those that are there', async () => {
    await one.apiKeys.insertImported(Array.from({ length: 20 }, () => aNewImportedApiKey(owner)));
    for (let made = 0; made < 30; made += 1) await one.apiKeys.insert(aNewApiKey(owner, { expiresAt: PAST }));
    expect(await insertedAtOnce(64)).toBe(LIMIT - 21);
    const keys = await other.apiKeys.list(owner.organizationId);
    const live = keys.filter((apiKey) => !apiKey.hasExpired(new Date()));
    expect(live).toHaveLength(LIMIT);
    for (const apiKey of live.slice(0, 9)) {
      await other.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
    }
    expect(await insertedAtOnce(64)).toBe(9);
  });

  it('is counted once, and then again where as many keys were made as are allowed', async () => {
    await expect(known()).resolves.toBeNull();
    const first = aNewApiKey(owner);
    const { apiKey } = first;
    await one.apiKeys.insert(first, { maxKeys: 4 });
    await expect(known()).resolves.toBe(2);
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 4 });
    await one.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 4 });
    await expect(known()).resolves.toBe(4);
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 4 });
    await expect(known()).resolves.toBe(4);
    await expect(one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 4 })).rejects.toMatchObject({
      code: 'api_key.limit_reached',
    });
  });

  it('counts keys that another version or a person has put beside, once as many were made as are allowed', async () => {
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 });
    await one.dataSource.query(`UPDATE organizations SET live_keys = 1 WHERE id = '${owner.organizationId}'`);
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 });
    await one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 });
    await expect(one.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 })).rejects.toMatchObject({
      code: 'api_key.limit_reached',
    });
  });
});
