import assert from 'node:assert/strict';
import { anId } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');
const LATER = new Date('2026-03-04T05:06:07.090Z');
const CONCURRENT = 16;

/** What `ApiKeyRepository.revoke` promises. */
export const apiKeyRevokeContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'revoke marks the key with this instant and touches no other key',
    async run(harness) {
      const [{ owner, apiKey }, other] = await twoOrganizations(harness);
      assert.equal(await harness.apiKeys.revoke(owner.organizationId, apiKey.id, AT), true);
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.revokedAt, AT);
      assert.deepEqual((await harness.apiKeys.findCredential(other.apiKey.keyPrefix))?.apiKey, other.apiKey);
    },
  },
  {
    promise: "revoke answers false for another organization's key and leaves its row as it was",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      assert.equal(await harness.apiKeys.revoke(mine.organization.id, theirs.apiKey.id, AT), false);
      const { organization, owner, apiKey, secret } = theirs;
      const stored = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(stored, { organization, member: owner, apiKey, secret });
    },
  },
  {
    promise: 'revoke answers false for an unknown id',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      assert.equal(await harness.apiKeys.revoke(owner.organizationId, anId(), AT), false);
    },
  },
  {
    promise: 'revoke answers false for a key that was revoked before, and keeps the first instant',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, AT);
      assert.equal(await harness.apiKeys.revoke(owner.organizationId, apiKey.id, LATER), false);
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.revokedAt, AT);
    },
  },
  {
    promise: 'of 16 concurrent revocations of one key exactly one answers true',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const answers = await Promise.all(
        Array.from({ length: CONCURRENT }, () => harness.apiKeys.revoke(owner.organizationId, apiKey.id, AT)),
      );
      assert.equal(answers.filter(Boolean).length, 1);
    },
  },
];
