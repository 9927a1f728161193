import assert from 'node:assert/strict';
import type { ApiKey } from '../../domain/api-key.js';
import { aKeyPrefix, anAuditEvent, anId, aNewApiKey, aRevocationOf, aSecretOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const SINCE = new Date('2026-03-04T05:06:07.089Z');
const BEFORE = new Date('2026-03-04T05:06:07.088Z');
const CONCURRENT = 16;

/** What `ApiKeyRepository.findUnused` and `revokeUnused` promise. */
export const unusedKeysContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a key is unused that was neither made nor used at the instant or later, to the millisecond',
    async run(harness) {
      const { owner, apiKey: never } = await storedOrganization(harness);
      const made = await stored(harness, owner, { createdAt: SINCE });
      const used = await stored(harness, owner, { createdAt: BEFORE });
      const usedBefore = await stored(harness, owner, { createdAt: BEFORE });
      await harness.apiKeys.recordLastUsed(
        new Map([
          [used.id, SINCE],
          [usedBefore.id, BEFORE],
        ]),
      );
      assert.deepEqual(await unusedIds(harness, owner.organizationId), idsOf(never, usedBefore));
      for (const apiKey of [made, used]) assert.equal(await revokeUnused(harness, apiKey), false);
      for (const apiKey of [never, usedBefore]) assert.equal(await revokeUnused(harness, apiKey), true);
      assert.deepEqual(await listedIds(harness, owner.organizationId), idsOf(made, used));
    },
  },
  {
    promise: 'a key is not unused while one of its secrets is used',
    async run(harness) {
      const { owner, apiKey, secret } = await storedOrganization(harness);
      await harness.apiKeys.recordSecretsLastUsed(new Map([[secret.id, SINCE]]));
      assert.deepEqual(await unusedIds(harness, owner.organizationId), new Set());
      assert.equal(await revokeUnused(harness, apiKey), false);
    },
  },
  {
    promise: 'a key is not unused that was rotated at the instant or later',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const secret = aSecretOf(apiKey, { keyPrefix: aKeyPrefix(), createdAt: SINCE });
      const event = anAuditEvent({ organizationId: owner.organizationId, apiKeyId: apiKey.id });
      await harness.apiKeys.change(owner.organizationId, apiKey.id, (current) => ({
        event,
        apiKey: current.apiKey.with({ keyPrefix: secret.keyPrefix }),
        rotation: { secret, previousValidUntil: SINCE },
      }));
      assert.deepEqual(await unusedIds(harness, owner.organizationId), new Set());
      assert.equal(await revokeUnused(harness, apiKey), false);
    },
  },
  {
    promise: 'revoked keys are not found as unused, and not revoked again; disabled and expired ones are',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      const disabled = await stored(harness, owner, { disabledAt: BEFORE, expiresAt: BEFORE });
      assert.deepEqual(await unusedIds(harness, owner.organizationId), idsOf(disabled));
      assert.equal(await revokeUnused(harness, apiKey), false);
      assert.equal(await revokeUnused(harness, disabled), true);
    },
  },
  {
    promise: "only the organization's own keys are found and revoked as unused",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      assert.deepEqual(await unusedIds(harness, mine.organization.id), idsOf(mine.apiKey));
      const event = aRevocationOf(mine.apiKey);
      assert.equal(await harness.apiKeys.revokeUnused(mine.organization.id, theirs.apiKey.id, SINCE, event), null);
      assert.equal(await harness.apiKeys.revokeUnused(mine.organization.id, anId(), SINCE, event), null);
      assert.deepEqual(await listedIds(harness, theirs.organization.id), idsOf(theirs.apiKey));
      assert.deepEqual(await harness.auditLog.list(mine.organization.id, { limit: 9 }), [mine.event]);
    },
  },
  {
    promise: 'at most as many unused keys are found as asked for, and all of them in turn',
    async run(harness) {
      const { owner, apiKey } = await storedOrganization(harness);
      const others = [await stored(harness, owner), await stored(harness, owner), await stored(harness, owner)];
      const found = new Set<string>();
      for (let left = 4; left > 0; left -= 2) {
        const ids = await harness.apiKeys.findUnused(owner.organizationId, SINCE, 2);
        assert.equal(ids.length, 2);
        for (const id of ids) {
          found.add(id);
          await harness.apiKeys.revoke(owner.organizationId, id, aRevocationOf(apiKey));
        }
      }
      assert.deepEqual(found, idsOf(apiKey, ...others));
    },
  },
  {
    promise: 'of 16 concurrent revocations of an unused key exactly one revokes it, and leaves one event',
    async run(harness) {
      const { owner, apiKey, event } = await storedOrganization(harness);
      const events = Array.from({ length: CONCURRENT }, () => aRevocationOf(apiKey, SINCE));
      const { organizationId } = owner;
      const answers = await Promise.all(
        events.map((each) => harness.apiKeys.revokeUnused(organizationId, apiKey.id, SINCE, each)),
      );
      const written = events.filter((_, i) => answers[i]);
      assert.equal(written.length, 1);
      assert.deepEqual(await harness.auditLog.list(organizationId, { limit: 99 }), [...written, event]);
    },
  },
];

async function stored(
  { apiKeys }: RepositoryHarness,
  owner: Parameters<typeof aNewApiKey>[0],
  fields: Partial<ApiKey> = {},
): Promise<ApiKey> {
  const created = aNewApiKey(owner, fields);
  await apiKeys.insert(created);
  return created.apiKey;
}

async function revokeUnused({ apiKeys }: RepositoryHarness, apiKey: ApiKey): Promise<boolean> {
  return (await apiKeys.revokeUnused(apiKey.organizationId, apiKey.id, SINCE, aRevocationOf(apiKey))) !== null;
}

async function unusedIds({ apiKeys }: RepositoryHarness, organizationId: string): Promise<Set<string>> {
  return new Set(await apiKeys.findUnused(organizationId, SINCE, 100));
}

async function listedIds({ apiKeys }: RepositoryHarness, organizationId: string): Promise<Set<string>> {
  return idsOf(...(await apiKeys.list(organizationId)));
}

function idsOf(...keys: ApiKey[]): Set<string> {
  return new Set(keys.map(({ id }) => id));
}
