import assert from 'node:assert/strict';
import { anId, aNewApiKey, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const REVOKED_AT = new Date('2026-03-04T05:06:07.089Z');

/** What `ApiKeyRepository.replaceProofs` promises. */
export const replaceProofsContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'replaceProofs replaces the expected proof of this secret alone',
    async run(harness) {
      const [mine, other] = await twoOrganizations(harness);
      await harness.apiKeys.replaceProofs([
        { secretId: mine.secret.id, expected: mine.secret.proof, proof: 'renewed' },
      ]);
      const found = await harness.apiKeys.findCredential(mine.apiKey.keyPrefix);
      assert.deepEqual(found?.secret, { ...mine.secret, proof: 'renewed' });
      assert.equal(await proofOf(harness, other.apiKey.keyPrefix), other.secret.proof);
    },
  },
  {
    promise: 'replaceProofs sets a first proof where none is expected and none is there',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const created = aNewApiKey(owner, {}, { proof: null });
      const { apiKey, secret } = created;
      await harness.apiKeys.insert(created);
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: null, proof: 'renewed' }]);
      assert.equal(await proofOf(harness, apiKey.keyPrefix), 'renewed');
    },
  },
  {
    promise: 'replaceProofs leaves a proof alone that is not the expected one',
    async run(harness) {
      const { apiKey, secret } = await storedOrganization(harness);
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: 'stale', proof: 'renewed' }]);
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: null, proof: 'renewed' }]);
      assert.equal(await proofOf(harness, apiKey.keyPrefix), secret.proof);
    },
  },
  {
    promise: 'replaceProofs goes on behind one that is left alone, and takes an empty list',
    async run(harness) {
      const [mine, other] = await twoOrganizations(harness);
      const renewals = [
        { secretId: mine.secret.id, expected: 'stale', proof: 'lost' },
        { secretId: anId(), expected: null, proof: 'lost' },
        { secretId: other.secret.id, expected: other.secret.proof, proof: 'renewed' },
      ];
      await harness.apiKeys.replaceProofs(renewals);
      await harness.apiKeys.replaceProofs([]);
      assert.equal(await proofOf(harness, mine.apiKey.keyPrefix), mine.secret.proof);
      assert.equal(await proofOf(harness, other.apiKey.keyPrefix), 'renewed');
    },
  },
  {
    promise: 'of concurrent replacements of one proof exactly one is kept',
    async run(harness) {
      const { apiKey, secret } = await storedOrganization(harness);
      const renewed = Array.from({ length: 8 }, (_, i) => `renewed-${i}`);
      await Promise.all(
        renewed.map((proof) => harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: secret.proof, proof }])),
      );
      const kept = await proofOf(harness, apiKey.keyPrefix);
      assert.ok(kept && renewed.includes(kept));
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: secret.proof, proof: 'too late' }]);
      assert.equal(await proofOf(harness, apiKey.keyPrefix), kept);
    },
  },
  {
    promise: 'replaceProofs never writes to a revoked key',
    async run(harness) {
      const { owner, apiKey, secret } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, REVOKED_AT));
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: secret.proof, proof: 'renewed' }]);
      const found = await harness.apiKeys.findCredential(apiKey.keyPrefix);
      assert.equal(found?.secret.proof, secret.proof);
      assert.deepEqual(found.apiKey.revokedAt, REVOKED_AT);
    },
  },
];

async function proofOf({ apiKeys }: RepositoryHarness, keyPrefix: string): Promise<string | null | undefined> {
  return (await apiKeys.findCredential(keyPrefix))?.secret.proof;
}
