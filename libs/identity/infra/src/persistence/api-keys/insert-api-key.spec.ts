import { ScopeGrant, type NewApiKey, type NewOrganization } from '@feather-identity/core';
import { aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

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

  const insert = () => database.apiKeys.insert(aNewApiKey(stored.owner), { issuedBy: issuer.apiKey });
  const update = (set: string) =>
    database.dataSource.query(`UPDATE api_keys SET ${set} WHERE id = '${issuer.apiKey.id}'`);

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
});
