import assert from 'node:assert/strict';
import { anId, aNewApiKey, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const KEYS_PER_ORGANIZATION = 1000;
/** Few enough that none waits long for a connection. */
const PAIRS_AT_ONCE = 10;
const LONG_AGO = new Date('2020-01-01T00:00:00.000Z');

/** What `ApiKeyRepository.list` promises of a whole list. */
export const apiKeyListContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: "the list holds the organization's own keys and no other's, among 2 x 1,000 interleaved ones",
    async run(harness) {
      const [a, b] = await twoOrganizations(harness);
      const ofA: string[] = [a.apiKey.id];
      const ofB: string[] = [b.apiKey.id];
      while (ofA.length < KEYS_PER_ORGANIZATION) {
        const batch = Array.from({ length: PAIRS_AT_ONCE }, () => [aNewApiKey(a.owner), aNewApiKey(b.owner)] as const);
        await Promise.all(batch.flat().map((created) => harness.apiKeys.insert(created)));
        ofA.push(...batch.map(([created]) => created.apiKey.id));
        ofB.push(...batch.map(([, created]) => created.apiKey.id));
      }
      assert.deepEqual(await listedIds(harness, a.organization.id), ofA.toReversed());
      assert.deepEqual(await listedIds(harness, b.organization.id), ofB.toReversed());
    },
  },
  {
    promise: 'the list is sorted newest first, whatever the order of insertion, and by id within one millisecond',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const at = (ms: number) => new Date(apiKey.createdAt.getTime() + ms);
      const [middle, newest, oldest, twin] = [
        aNewApiKey(owner, { createdAt: at(1) }),
        aNewApiKey(owner, { createdAt: at(2) }),
        aNewApiKey(owner, { createdAt: at(-1) }),
        aNewApiKey(owner, { createdAt: at(1) }),
      ];
      for (const created of [twin, newest, middle, oldest]) await harness.apiKeys.insert(created);
      const expected = [newest, twin, middle, { apiKey }, oldest].map((each) => each.apiKey.id);
      assert.deepEqual(await listedIds(harness, owner.organizationId), expected);
    },
  },
  {
    promise: 'the list leaves revoked keys out',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const revoked = aNewApiKey(owner, { revokedAt: LONG_AGO });
      const revokedLater = aNewApiKey(owner);
      await harness.apiKeys.insert(revoked);
      await harness.apiKeys.insert(revokedLater);
      await harness.apiKeys.revoke(owner.organizationId, revokedLater.apiKey.id, aRevocationOf(revokedLater.apiKey));
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId), [apiKey]);
    },
  },
  {
    promise: 'the list shows expired keys',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const expired = aNewApiKey(owner, { expiresAt: LONG_AGO });
      await harness.apiKeys.insert(expired);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId), [expired.apiKey, apiKey]);
    },
  },
  {
    promise: 'the list of an unknown organization is empty',
    async run(harness) {
      await storedOrganization(harness);
      assert.deepEqual(await harness.apiKeys.list(anId()), []);
    },
  },
];

async function listedIds(harness: RepositoryHarness, organizationId: string): Promise<string[]> {
  return (await harness.apiKeys.list(organizationId)).map((apiKey) => apiKey.id);
}
