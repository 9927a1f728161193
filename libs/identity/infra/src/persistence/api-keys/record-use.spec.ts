import { aNewImportedApiKey, aNewOrganization } from '@feather-identity/core/testing';
import { expect, it } from '@jest/globals';
import { openTestDatabase } from '../../../testing/open-test-database.js';

const KEYS = 100;
const NOW = new Date('2026-05-06T07:08:09.010Z');

it('the last uses of 100 keys, and of 100 secrets, are one statement each on PostgreSQL: no lock on them lasts for a round trip', async () => {
  const database = await openTestDatabase('postgres');
  const { organization, owner, ...created } = aNewOrganization();
  await database.organizations.insert({ organization, owner, ...created });
  const imported = Array.from({ length: KEYS }, () => aNewImportedApiKey(owner));
  await database.apiKeys.insertImported(imported);
  const sent: string[] = [];
  database.dataSource.logger.logQuery = (text) => void sent.push(text);
  await database.apiKeys.recordLastUsed(new Map(imported.map(({ apiKey }) => [apiKey.id, NOW])));
  await database.apiKeys.recordSecretsLastUsed(new Map(imported.map(({ secret }) => [secret.id, NOW])));
  const held = /^WITH held AS .*ORDER BY id FOR NO KEY UPDATE\) UPDATE /;
  expect(sent).toEqual([expect.stringMatching(held), expect.stringMatching(held)]);
  const keys = await database.apiKeys.list(organization.id);
  expect(keys.filter(({ lastUsedAt }) => lastUsedAt?.getTime() === NOW.getTime())).toHaveLength(KEYS);
  await database.close();
});
