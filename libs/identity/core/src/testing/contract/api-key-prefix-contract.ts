import assert from 'node:assert/strict';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { aKeyPrefix, anAuditEvent, aNewApiKey, aNewImportedApiKey, aRevocationOf, aSecretOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-03-04T05:06:07.089Z');
const at = (ms: number) => new Date(AT.getTime() + ms);

/** What `ApiKeyRepository.findByKeyPrefix` promises. */
export const apiKeyPrefixContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'findByKeyPrefix finds a key by every secret that it has: the current one, in grace, and ended',
    async run(harness) {
      const { apiKey } = await storedOrganization(harness);
      const [second, third] = [nextSecret(apiKey, 1), nextSecret(apiKey, 2)];
      await rotate(harness, apiKey, second, { end: AT });
      await rotate(harness, apiKey, third, { end: at(60_000) });
      for (const { keyPrefix } of [apiKey, second, third]) await assertFinds(harness, keyPrefix, apiKey);
    },
  },
  {
    promise: 'findByKeyPrefix finds a key by a secret that a rotation removed',
    async run(harness) {
      const { apiKey } = await storedOrganization(harness);
      const secrets = [1, 2, 3, 4].map((ms) => nextSecret(apiKey, ms));
      for (const secret of secrets) await rotate(harness, apiKey, secret, { end: AT, on: at(1) });
      const details = await harness.apiKeys.find(apiKey.organizationId, apiKey.id);
      // The first, the one before the last, and the last.
      assert.equal(details?.secrets.length, 3);
      for (const { keyPrefix } of [apiKey, ...secrets]) await assertFinds(harness, keyPrefix, apiKey);
    },
  },
  {
    promise: 'findByKeyPrefix finds revoked, disabled, expired and imported keys',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys = [aNewApiKey(owner), aNewApiKey(owner, { disabledAt: AT }), aNewApiKey(owner, { expiresAt: AT })];
      for (const key of keys) await harness.apiKeys.insert(key);
      const imported = [
        aNewImportedApiKey(owner, { keyPrefix: `sk_"\\'%_${aKeyPrefix()}` }),
        aNewImportedApiKey(owner),
      ];
      await harness.apiKeys.insertImported(imported);
      for (const { apiKey } of [keys[0], imported[1]] as typeof keys) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      }
      for (const { apiKey } of [...keys, ...imported]) await assertFinds(harness, apiKey.keyPrefix, apiKey);
    },
  },
  {
    promise: "findByKeyPrefix finds no other organization's key, by a secret of now or one that was removed",
    async run(harness) {
      const [mine, { apiKey, organization }] = await twoOrganizations(harness);
      const secrets = [1, 2, 3].map((ms) => nextSecret(apiKey, ms));
      for (const secret of secrets) await rotate(harness, apiKey, secret, { end: AT, on: at(1) });
      for (const { keyPrefix } of [apiKey, ...secrets]) {
        const found = await harness.apiKeys.findByKeyPrefix(organization.id, keyPrefix);
        assert.deepEqual(found, [{ id: apiKey.id, organizationId: organization.id }]);
        assert.deepEqual(await harness.apiKeys.findByKeyPrefix(mine.organization.id, keyPrefix), []);
      }
    },
  },
  {
    promise: 'findByKeyPrefix finds exactly this public part, with no letter of it changed, left out or added',
    async run(harness) {
      const { apiKey } = await storedOrganization(harness);
      const secret = nextSecret(apiKey, 1);
      await rotate(harness, apiKey, secret, { end: AT });
      for (const { keyPrefix } of [apiKey, secret]) {
        const others = [keyPrefix.slice(0, -1), `${keyPrefix}0`, `${keyPrefix}\n`, ` ${keyPrefix}`, ''];
        others.push(keyPrefix.toUpperCase(), keyPrefix.replace(/.$/, '%'), keyPrefix.replace(/.$/, '_'));
        for (const other of others) assert.deepEqual(await harness.apiKeys.findByKeyPrefix(null, other), []);
      }
    },
  },
  {
    promise: 'findByKeyPrefix goes by what a rotation calls key_prefix, and by no other event or value',
    async run(harness) {
      const { organization, apiKey } = await storedOrganization(harness);
      const about = { organizationId: organization.id, apiKeyId: apiKey.id };
      const wanted = aKeyPrefix();
      const name = `"key_prefix":"${wanted}"`;
      for (const event of [
        anAuditEvent({ ...about, changes: { key_prefix: wanted } }),
        anAuditEvent({ ...about, type: 'api_key.rotated', changes: { previous_key_prefix: wanted } }),
        anAuditEvent({ ...about, type: 'api_key.rotated', changes: { name, key: wanted, grace_period_seconds: 0 } }),
      ]) {
        await harness.auditLog.append(event);
      }
      assert.deepEqual(await harness.apiKeys.findByKeyPrefix(null, wanted), []);
    },
  },
];

async function assertFinds({ apiKeys }: RepositoryHarness, keyPrefix: string, apiKey: ApiKey): Promise<void> {
  const { id, organizationId } = apiKey;
  assert.deepEqual(await apiKeys.findByKeyPrefix(null, keyPrefix), [{ id, organizationId }]);
}

function nextSecret(apiKey: ApiKey, ms: number): ApiKeySecret {
  return aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: at(ms) });
}

/** Rotates a key `on` an instant, long ago unless it is given. */
async function rotate(
  { apiKeys }: RepositoryHarness,
  { organizationId, id: apiKeyId }: ApiKey,
  secret: ApiKeySecret,
  { end, on = new Date(0) }: { end: Date; on?: Date },
): Promise<void> {
  const { keyPrefix } = secret;
  const changes = { key_prefix: keyPrefix, grace_period_seconds: 60 };
  await apiKeys.change(organizationId, apiKeyId, ({ apiKey }) => ({
    event: anAuditEvent({ organizationId, apiKeyId, occurredAt: on, type: 'api_key.rotated', keyPrefix, changes }),
    apiKey: apiKey.with({ keyPrefix }),
    rotation: { secret, previousValidUntil: end },
  }));
}
