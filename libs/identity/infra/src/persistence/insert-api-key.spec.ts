import { ScopeGrant, type NewApiKey, type NewOrganization } from '@feather-identity/core';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../testing/open-test-database.js';
import { DATABASES } from '../../testing/test-location.js';

const SCOPES = ScopeGrant.of(['orders:read', 'orders:write']);

describe.each(DATABASES)('a key that is inserted on %s', (type) => {
  let database: TestDatabase;
  let stored: NewOrganization;
  let issuer: NewApiKey;

  beforeAll(async () => (database = await openTestDatabase(type)));
  beforeEach(async () => {
    stored = aNewOrganization();
    await database.organizations.insert(stored);
    issuer = aNewApiKey(stored.owner, { grant: SCOPES });
    await database.apiKeys.insert(issuer);
  });
  afterEach(() => database.empty());
  afterAll(() => database.close());

  const insert = (maxKeys?: number) =>
    database.apiKeys.insert(aNewApiKey(stored.owner), { issuedBy: issuer.apiKey, maxKeys });
  const update = (set: string) =>
    database.dataSource.query(`UPDATE api_keys SET ${set} WHERE id = '${issuer.apiKey.id}'`);
  const places = async () => {
    const rows = await database.dataSource.query<{ place: number | null }[]>('SELECT place FROM api_keys');
    return rows.map(({ place }) => place).sort();
  };

  it('is issued by one whose scopes were written by hand, with spaces', async () => {
    await update(`scopes = '[ "orders:read",  "orders:write" ]'`);
    await expect(insert()).resolves.toBeUndefined();
  });

  it.each(['["orders:read"', '["orders:write","orders:read"]', '{}', ''])(
    'is not issued by one whose scopes are %j by now',
    async (scopes) => {
      await update(`scopes = '${scopes}'`);
      await expect(insert()).rejects.toMatchObject({ code: 'caller.changed' });
    },
  );

  it('takes a place of its own below the limit, and none without a limit', async () => {
    for (let made = 0; made < 8; made += 1) await insert(10);
    const taken = await places();
    expect(new Set(taken).size).toBe(10);
    expect(taken.filter((place) => place !== null && place >= 0 && place < 10)).toHaveLength(9);
    await expect(insert(10)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
  });

  it('fills exactly the places that keys without one leave free, wherever the others stand', async () => {
    // As of keys that were made when more were allowed.
    await update('place = 12');
    for (let made = 2; made < 10; made += 1) await insert(10);
    await expect(insert(10)).rejects.toMatchObject({ code: 'api_key.limit_reached' });
    expect(await places()).toHaveLength(10);
  });
});
