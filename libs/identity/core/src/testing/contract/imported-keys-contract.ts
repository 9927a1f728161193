import assert from 'node:assert/strict';
import type { NewImportedApiKey } from '../../application/ports/api-key-repository.js';
import {
  aKeyPrefix,
  anAuditEvent,
  anId,
  aNewApiKey,
  aNewImportedApiKey,
  aRevocationOf,
  aSecretOf,
} from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { importedAgain, manyImported } from './imported-keys.js';
import { type RepositoryHarness, storedOrganization } from './repository-harness.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');

/** What `ApiKeyRepository.findImported` promises, and what becomes of imported keys. */
export const importedKeysContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'findImported answers for the first text that an imported secret is stored with, and exactly',
    async run(harness) {
      const { owner, secret } = await storedOrganization(harness);
      const [one, other] = ['prefix:sk_live_a%_', 'prefix:sk_live_a'].map((lookup) => ({
        ...aNewImportedApiKey(owner),
        lookup,
      })) as [NewImportedApiKey, NewImportedApiKey];
      await harness.apiKeys.insertImported([one, other]);
      const find = (...lookups: string[]) => harness.apiKeys.findImported(lookups);
      assert.equal(await find('sha256:unknown', one.lookup, other.lookup), one.secret.keyPrefix);
      assert.equal(await find(other.lookup, one.lookup), other.secret.keyPrefix);
      const strangers = [
        'PREFIX:SK_LIVE_A',
        'prefix:sk_live_A',
        'prefix:sk_live_%',
        'prefix:sk_live_',
        '',
        secret.keyPrefix,
      ];
      assert.equal(await find(...strangers), null);
      assert.equal(await find(), null);
    },
  },
  {
    promise: 'a revoked imported key is found, stays revoked, gets no proof and is not imported again',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const imported = aNewImportedApiKey(owner);
      const { apiKey, secret, lookup } = imported;
      await harness.apiKeys.insertImported([imported]);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, NOW));
      await harness.apiKeys.replaceProofs([{ secretId: secret.id, expected: null, proof: 'renewed' }]);
      assert.equal(await harness.apiKeys.findImported([lookup]), secret.keyPrefix);
      assert.deepEqual(await harness.apiKeys.insertImported([importedAgain(owner, imported)]), ['already_imported']);
      const found = await harness.apiKeys.findCredential(secret.keyPrefix);
      assert.deepEqual([found?.apiKey.revokedAt, found?.secret.proof], [NOW, null]);
    },
  },
  {
    promise: 'an imported secret that rotations have ended stays ended, and is not imported again',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const imported = aNewImportedApiKey(owner);
      const { apiKey, secret, lookup } = imported;
      await harness.apiKeys.insertImported([imported]);
      for (const on of [1, 2]) {
        const next = aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: new Date(NOW.getTime() + on) });
        const event = anAuditEvent({ organizationId: owner.organizationId, occurredAt: NOW, apiKeyId: apiKey.id });
        const rotation = { secret: next, previousValidUntil: new Date(0) };
        await harness.apiKeys.change(owner.organizationId, apiKey.id, (current) => ({
          event: { ...event, id: anId() },
          apiKey: current.apiKey.with({ keyPrefix: next.keyPrefix }),
          rotation,
        }));
      }
      assert.equal(await harness.apiKeys.findImported([lookup]), secret.keyPrefix);
      const found = await harness.apiKeys.findCredential(secret.keyPrefix);
      assert.deepEqual(found?.secret.validUntil, new Date(0));
      assert.deepEqual(await harness.apiKeys.insertImported([importedAgain(owner, imported)]), ['already_imported']);
    },
  },
  {
    promise:
      'imported keys may exceed the limit and count: a limit that they reach refuses, and revoking one makes room',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys = manyImported(owner, 8);
      await harness.apiKeys.insertImported(keys);
      for (const maxKeys of [3, 8, 9]) {
        await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys }), 'api_key.limit_reached');
      }
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 9, mayExceed: true });
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 }), 'api_key.limit_reached');
      const [{ apiKey }] = keys as [NewImportedApiKey];
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 11 }), 'api_key.limit_reached');
    },
  },
];
