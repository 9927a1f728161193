import { inspect } from 'node:util';
import type { ApiKeySecret } from '@feather-identity/core';
import { anId, aNewApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

const [HASH, PROOF] = ['c4nary-hash', 'c4nary-proof'];

/** Statements that a database refuses, with a hash and a proof among their parameters. */
const REFUSED: Readonly<Record<string, Partial<ApiKeySecret>>> = {
  'breaks a foreign key': { apiKeyId: anId() },
  'leaves out a value that must be there': { createdAt: null as unknown as Date },
};

describe.each(DATABASES)('the error of a statement on %s', (type) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(type);
  });
  afterAll(() => database.close());

  it.each(Object.entries(REFUSED))('that %s shows no hash and no proof at any depth', async (_, fields) => {
    const created = aNewOrganization();
    await database.organizations.insert(created);
    const refused = aNewApiKey(created.owner, {}, { hash: HASH, proof: PROOF, ...fields });
    const error: unknown = await database.apiKeys.insert(refused).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain('c4nary');
    expect(shown).not.toContain('INSERT');
    await expect(database.apiKeys.list(created.organization.id)).resolves.toEqual([created.apiKey]);
  });
});
