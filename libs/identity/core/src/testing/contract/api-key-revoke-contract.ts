import assert from 'node:assert/strict';
import { anApiKey, anId, aRevocationOf } from '../builders.js';
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
      assert.ok(await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, AT)));
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.revokedAt, AT);
      assert.deepEqual((await harness.apiKeys.findCredential(other.apiKey.keyPrefix))?.apiKey, other.apiKey);
    },
  },
  {
    promise: 'revoke stores its event with the public part of the key',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      // Before the secret was made: only what was stored with the event tells which one it was about.
      const event = { ...aRevocationOf(apiKey, new Date(0)), keyPrefix: null };
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, event);
      const [stored] = await harness.auditLog.list(owner.organizationId, { limit: 1 });
      assert.deepEqual(stored, { ...event, keyPrefix: apiKey.keyPrefix });
    },
  },
  {
    promise: "revoke answers null for another organization's key and leaves its row as it was",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      assert.equal(
        await harness.apiKeys.revoke(mine.organization.id, theirs.apiKey.id, aRevocationOf(theirs.apiKey, AT)),
        null,
      );
      const { organization, owner, apiKey, secret } = theirs;
      const stored = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.deepEqual(stored, { organization, member: owner, apiKey, secret });
    },
  },
  {
    promise: 'revoke answers null for an unknown id',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      assert.equal(
        await harness.apiKeys.revoke(owner.organizationId, anId(), aRevocationOf(anApiKey(owner), AT)),
        null,
      );
    },
  },
  {
    promise: 'revoke answers null for a key that was revoked before, and keeps the first instant',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, AT));
      assert.equal(await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, LATER)), null);
      assert.deepEqual((await harness.apiKeys.findCredential(apiKey.keyPrefix))?.apiKey.revokedAt, AT);
    },
  },
  {
    promise: 'of 16 concurrent revocations of one key exactly one revokes it, and leaves its event',
    async run(harness) {
      const { owner, apiKey, event } = await storedOrganization(harness);
      const events = Array.from({ length: CONCURRENT }, () => aRevocationOf(apiKey, AT));
      const answers = await Promise.all(
        events.map((each) => harness.apiKeys.revoke(owner.organizationId, apiKey.id, each)),
      );
      const written = events.filter((_, i) => answers[i]);
      assert.equal(written.length, 1);
      assert.deepEqual(await harness.auditLog.list(owner.organizationId, { limit: 99 }), [...written, event]);
    },
  },
  {
    promise: 'revoke writes its event where it revokes a key, and only there',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { organization, apiKey, event } = mine;
      const revocation = aRevocationOf(apiKey, AT);
      assert.ok(await harness.apiKeys.revoke(organization.id, apiKey.id, revocation));
      const refused = [apiKey, theirs.apiKey, anApiKey(mine.owner)];
      for (const { id } of refused) {
        assert.equal(await harness.apiKeys.revoke(organization.id, id, aRevocationOf(apiKey, LATER)), null);
      }
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [revocation, event]);
    },
  },
  {
    promise: 'a revocation and its event are stored together or not at all',
    async run(harness) {
      const { organization, apiKey, event } = await storedOrganization(harness);
      await assert.rejects(harness.apiKeys.revoke(organization.id, apiKey.id, event));
      assert.deepEqual(await harness.apiKeys.list(organization.id), [apiKey]);
    },
  },
];
