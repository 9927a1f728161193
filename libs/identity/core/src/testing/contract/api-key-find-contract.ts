import assert from 'node:assert/strict';
import { anAuditEvent, anId, aNewApiKey, aRevocationOf, aSecretOf } from '../builders.js';
import { copyApiKey } from '../fakes/copies.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');

/** What `ApiKeyRepository.find` promises. */
export const apiKeyFindContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: "find yields the organization's own key, null for another's and for an unknown id",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { apiKey, secret } = mine;
      assert.deepEqual(await harness.apiKeys.find(mine.organization.id, apiKey.id), { apiKey, secrets: [secret] });
      assert.equal(await harness.apiKeys.find(mine.organization.id, theirs.apiKey.id), null);
      assert.equal(await harness.apiKeys.find(mine.organization.id, anId()), null);
      assert.equal(await harness.apiKeys.find(anId(), apiKey.id), null);
    },
  },
  {
    promise: 'find yields revoked, disabled and expired keys too',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const { apiKey, ...created } = aNewApiKey(owner, { disabledAt: AT, expiresAt: AT });
      await harness.apiKeys.insert({ apiKey, ...created });
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, AT));
      const found = await harness.apiKeys.find(owner.organizationId, apiKey.id);
      assert.deepEqual(found?.apiKey, copyApiKey(apiKey, { revokedAt: AT }));
    },
  },
  {
    promise: 'find yields all secrets of a key, oldest first, and by id within one millisecond',
    async run(harness) {
      const { organization, apiKey, secret } = await storedOrganization(harness);
      const createdAt = secret.createdAt;
      const [a, b] = [
        aSecretOf(apiKey, { createdAt, keyPrefix: anId() }),
        aSecretOf(apiKey, { createdAt, keyPrefix: anId() }),
      ];
      const newest = aSecretOf(apiKey, { createdAt: AT, keyPrefix: anId() });
      for (const each of [b, newest, a]) {
        const event = anAuditEvent({ organizationId: organization.id });
        const rotation = { secret: each, previousValidUntil: new Date('2030-01-01T00:00:00.000Z') };
        await harness.apiKeys.change(organization.id, apiKey.id, (current) => ({
          event,
          apiKey: current.apiKey.with({ keyPrefix: each.keyPrefix }),
          rotation,
        }));
      }
      const found = await harness.apiKeys.find(organization.id, apiKey.id);
      const expected = [secret, a, b, newest].map(({ id }) => id);
      assert.deepEqual(
        found?.secrets.map(({ id }) => id),
        expected,
      );
    },
  },
];
