import assert from 'node:assert/strict';
import { aNewApiKey, aNewOrganization } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const PREFIX = 'fth_test_aB3xY9zQ';
/** Instants long ago, of which none is another. */
const ended = (ms: number) => new Date(Date.UTC(2020, 0, 1, 0, 0, 0, ms));

/** Spellings that resemble `PREFIX` and must not find it. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  'in lower case': PREFIX.toLowerCase(),
  'in upper case': PREFIX.toUpperCase(),
  'with the case of one letter changed': 'fth_test_aB3xY9zq',
  'without its last character': PREFIX.slice(0, -1),
  'with a character more': `${PREFIX}0`,
  'with a space behind': `${PREFIX} `,
  'with a newline behind': `${PREFIX}\n`,
  'in full-width digits': 'fth_test_aB３xY９zQ',
  'as a LIKE pattern': 'fth_test_%',
  'as a LIKE pattern of single characters': 'fth_test_________',
  'cut to nothing': '',
};

const lookalikeCases = Object.entries(LOOKALIKES).map(([name, spelling]): ContractCase<RepositoryHarness> => ({
  promise: `findCredential is null for a public part ${name}`,
  async run(harness) {
    const { owner } = await storedOrganization(harness);
    await harness.apiKeys.insert(aNewApiKey(owner, { keyPrefix: PREFIX }));
    assert.equal(await harness.apiKeys.findCredential(spelling), null);
    assert.notEqual(await harness.apiKeys.findCredential(PREFIX), null);
  },
}));

/** What `ApiKeyRepository.findCredential` promises. */
export const findCredentialContract: readonly ContractCase<RepositoryHarness>[] = [
  ...lookalikeCases,
  {
    promise: 'findCredential yields the secret with its own key, member and organization',
    async run(harness) {
      for (const { organization, owner, apiKey, secret } of await twoOrganizations(harness)) {
        const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
        assert.deepEqual(found, { organization, member: owner, apiKey, secret });
      }
    },
  },
  {
    promise: 'findCredential yields revoked, disabled and expired keys, ended secrets and disabled organizations too',
    async run(harness) {
      const { owner, organization } = await storedOrganization(harness, aNewOrganization({ disabledAt: ended(0) }));
      const fields = { expiresAt: ended(1), disabledAt: ended(2), revokedAt: ended(3), lastUsedAt: ended(4) };
      const created = aNewApiKey(owner, fields, { validUntil: ended(5), lastUsedAt: ended(6) });
      const { apiKey, secret } = created;
      await harness.apiKeys.insert(created);
      const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(found, { organization, member: owner, apiKey, secret });
    },
  },
  {
    promise: "findCredential never yields a key that names another organization's member",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const crossed = aNewApiKey({ id: theirs.owner.id, organizationId: mine.organization.id });
      // An adapter may refuse such a row or hide it.
      await harness.apiKeys.insert(crossed).catch(() => undefined);
      assert.equal(await harness.apiKeys.findCredential(crossed.apiKey.keyPrefix), null);
    },
  },
];
