import assert from 'node:assert/strict';
import type { ApiKeyChange, ApiKeyDetails } from '../../application/ports/api-key-repository.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { aKeyPrefix, anAuditEvent, aNewApiKey, aSecretOf } from '../builders.js';
import { copyApiKey } from '../fakes/copies.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

type SecretsOfFour = [ApiKeySecret, ApiKeySecret, ApiKeySecret, ApiKeySecret];

/** What `ApiKeyRepository.change` promises of rotations. */
export const apiKeyRotationContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a rotation adds a secret, gives the key its public part, and ends the one so far',
    async run(harness) {
      const { organization, owner, apiKey, secret } = await storedOrganization(harness);
      const next = nextSecret(apiKey);
      const answer = await rotate(harness, apiKey, next, { end: at(10) });
      const old = { ...secret, validUntil: at(10) };
      const renewed = copyApiKey(apiKey, { keyPrefix: next.keyPrefix });
      assert.deepEqual(answer, { apiKey: renewed, secrets: [old, next] });
      assert.deepEqual(await harness.apiKeys.find(organization.id, apiKey.id), answer);
      for (const each of [old, next]) {
        const found = await harness.apiKeys.findCredential(each.keyPrefix);
        assert.deepEqual(found, { organization, member: owner, apiKey: renewed, secret: each });
      }
    },
  },
  {
    promise: 'a rotation lets no earlier secret live longer, and ends those at once that it says',
    async run(harness) {
      const { apiKey, secret } = await storedOrganization(harness);
      const [second, third, fourth] = [nextSecret(apiKey, 1), nextSecret(apiKey, 2), nextSecret(apiKey, 3)];
      await rotate(harness, apiKey, second, { end: at(10) });
      const longer = await rotate(harness, apiKey, third, { end: at(20) });
      assert.deepEqual(ends(longer), [
        [secret.id, at(10)],
        [second.id, at(20)],
        [third.id, null],
      ]);
      const atOnce = await rotate(harness, apiKey, fourth, { end: new Date(0) });
      assert.deepEqual(ends(atOnce), [
        [secret.id, new Date(0)],
        [second.id, new Date(0)],
        [third.id, new Date(0)],
        [fourth.id, null],
      ]);
    },
  },
  {
    promise: 'a rotation removes secrets whose time was over before it, to the millisecond, but for the first one',
    async run(harness) {
      const { apiKey, secret } = await storedOrganization(harness);
      const [second, third, fourth, fifth] = [1, 2, 3, 4].map((ms) => nextSecret(apiKey, ms)) as SecretsOfFour;
      await rotate(harness, apiKey, second, { end: at(10) });
      await rotate(harness, apiKey, third, { end: at(10) });
      const before = await rotate(harness, apiKey, fourth, { end: at(30), on: at(9) });
      assert.deepEqual(ends(before), [
        [secret.id, at(10)],
        [second.id, at(10)],
        [third.id, at(30)],
        [fourth.id, null],
      ]);
      const after = await rotate(harness, apiKey, fifth, { end: at(40), on: at(10) });
      // An operator may have chosen the first one: forgotten, it could be taken for a new key.
      assert.deepEqual(ends(after), [
        [secret.id, at(10)],
        [third.id, at(30)],
        [fourth.id, at(40)],
        [fifth.id, null],
      ]);
      assert.equal(await harness.apiKeys.findCredential(second.keyPrefix), null);
    },
  },
  {
    promise: 'the secret that was current takes over when the key was last used, unless it knows itself',
    async run(harness) {
      const { apiKey, secret } = await storedOrganization(harness);
      await harness.apiKeys.recordLastUsed(new Map([[apiKey.id, at(-5)]]));
      const [second, third] = [nextSecret(apiKey, 1), nextSecret(apiKey, 2)];
      const first = await rotate(harness, apiKey, second, { end: at(10) });
      assert.deepEqual(uses(first), [at(-5), null]);
      assert.deepEqual(first.apiKey.lastUsedAt, at(-5));
      await harness.apiKeys.recordSecretsLastUsed(new Map([[second.id, at(-1)]]));
      const again = await rotate(harness, apiKey, third, { end: at(20) });
      assert.deepEqual(uses(again), [at(-5), at(-1), null]);
      assert.deepEqual(again.secrets[0]?.id, secret.id);
      // It knew of an earlier use, as long as another one was in its grace period.
      await harness.apiKeys.recordSecretsLastUsed(new Map([[third.id, at(3)]]));
      await harness.apiKeys.recordLastUsed(new Map([[apiKey.id, at(9)]]));
      const last = await rotate(harness, apiKey, nextSecret(apiKey, 10), { end: at(30) });
      assert.deepEqual(uses(last), [at(-5), at(-1), at(9), null]);
    },
  },
  {
    promise: 'a rotation touches no secret of another key',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const neighbour = aNewApiKey(mine.owner);
      await harness.apiKeys.insert(neighbour);
      await rotate(harness, mine.apiKey, nextSecret(mine.apiKey), { end: NOW });
      for (const { apiKey, secret } of [neighbour, theirs]) {
        const found = await harness.apiKeys.find(apiKey.organizationId, apiKey.id);
        assert.deepEqual(found, { apiKey, secrets: [secret] });
      }
    },
  },
  {
    promise: 'a rotation to a taken public part is refused with api_key.conflict, and nothing of it is stored',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      const { organization, apiKey, secret, event } = mine;
      for (const keyPrefix of [theirs.apiKey.keyPrefix, apiKey.keyPrefix]) {
        const refused = rotate(harness, apiKey, aSecretOf(apiKey, { keyPrefix }), { end: NOW });
        await assertRefused(refused, 'api_key.conflict');
      }
      assert.deepEqual(await harness.apiKeys.find(organization.id, apiKey.id), { apiKey, secrets: [secret] });
      assert.deepEqual(await harness.auditLog.list(organization.id, { limit: 9 }), [event]);
    },
  },
];

function nextSecret(apiKey: ApiKey, ms = 0): ApiKeySecret {
  return aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: at(ms) });
}

/** Rotates a key `on` an instant, long ago unless it is given. */
function rotate(
  { apiKeys }: RepositoryHarness,
  { organizationId, id }: ApiKey,
  secret: ApiKeySecret,
  { end, on = new Date(0) }: { end: Date; on?: Date },
): Promise<ApiKeyDetails> {
  return apiKeys.change(organizationId, id, ({ apiKey }): ApiKeyChange => ({
    event: anAuditEvent({ organizationId, apiKeyId: id, occurredAt: on, type: 'api_key.rotated' }),
    apiKey: apiKey.with({ keyPrefix: secret.keyPrefix }),
    rotation: { secret, previousValidUntil: end },
  }));
}

function ends({ secrets }: ApiKeyDetails): (readonly [string, Date | null])[] {
  return secrets.map(({ id, validUntil }) => [id, validUntil]);
}

function uses({ secrets }: ApiKeyDetails): (Date | null)[] {
  return secrets.map(({ lastUsedAt }) => lastUsedAt);
}
