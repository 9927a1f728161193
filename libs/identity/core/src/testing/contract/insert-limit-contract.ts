import assert from 'node:assert/strict';
import type { ApiKey } from '../../domain/api-key.js';
import type { Member } from '../../domain/member.js';
import { anAuditEvent, aNewApiKey, aNewImportedApiKey, aRevocationOf } from '../builders.js';
import { assertRefused, type ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const CONCURRENT = 64;
const LIMIT = 10;
const PAST = new Date('2020-01-01T00:00:00.000Z');
const SOON = new Date('2026-01-02T00:00:00.000Z');
const LATER = new Date('2026-01-03T00:00:00.000Z');

/** What `ApiKeyRepository.insert` promises about the number of an organization's keys. */
export const insertLimitContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'insert refuses one key more than allowed with api_key.limit_reached, and stores nothing of it',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT);
      const refused = aNewApiKey(owner);
      await assertRefused(harness.apiKeys.insert(refused, { maxKeys: LIMIT }), 'api_key.limit_reached');
      assert.equal(await harness.apiKeys.findCredential(refused.apiKey.keyPrefix), null);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, LIMIT);
      const events = await harness.auditLog.list(owner.organizationId, { limit: 1, apiKeyId: refused.apiKey.id });
      assert.deepEqual(events, []);
    },
  },
  {
    promise: 'insert lets those that may exceed the limit do so, and counts them',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT);
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT, mayExceed: true });
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, LIMIT + 1);
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT + 1 }), 'api_key.limit_reached');
      await assert.doesNotReject(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT + 2 }));
    },
  },
  {
    promise: 'of 64 concurrent inserts exactly one succeeds where one more key is allowed',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT - 1);
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 1);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, LIMIT);
    },
  },
  {
    promise: '64 concurrent inserts all succeed where as many more are allowed',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT);
      const limit = LIMIT + CONCURRENT;
      assert.equal(await insertedAtOnce(harness, owner, limit), CONCURRENT);
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: limit }), 'api_key.limit_reached');
    },
  },
  {
    promise: 'each revocation makes room for one key',
    async run(harness) {
      const { owner, keys } = await filled(harness, LIMIT);
      for (const apiKey of keys.slice(0, 3)) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      }
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 3);
    },
  },
  {
    promise: 'disabled keys count, expired and revoked ones and those of other organizations do not',
    async run(harness) {
      const [{ owner }, other] = await twoOrganizations(harness);
      for (const each of [
        aNewApiKey(owner, { expiresAt: PAST }),
        aNewApiKey(owner, { revokedAt: PAST }),
        aNewApiKey(other.owner),
        aNewApiKey(owner, { disabledAt: PAST }),
        aNewApiKey(owner),
      ]) {
        await assert.doesNotReject(harness.apiKeys.insert(each, { maxKeys: 3 }));
      }
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 }), 'api_key.limit_reached');
    },
  },
  {
    promise: 'a key counts until it ends, disabled or not, and makes room by itself then',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      for (const disabledAt of [null, PAST]) {
        await harness.apiKeys.insert(aNewApiKey(owner, { expiresAt: SOON, disabledAt }), { maxKeys: 3 });
      }
      const at = (createdAt: Date) => harness.apiKeys.insert(aNewApiKey(owner, { createdAt }), { maxKeys: 3 });
      await assertRefused(at(new Date(SOON.getTime() - 1)), 'api_key.limit_reached');
      await assert.doesNotReject(at(SOON));
      await assert.doesNotReject(at(SOON));
      await assertRefused(at(SOON), 'api_key.limit_reached');
    },
  },
  {
    promise: 'an expired key that is given a later end counts again, and is refused beyond the limit',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT - 1);
      const [first, second] = [aNewApiKey(owner, { expiresAt: PAST }), aNewApiKey(owner, { expiresAt: PAST })];
      for (const each of [first, second]) await harness.apiKeys.insert(each);
      const revived = await changed(harness, first.apiKey, { expiresAt: LATER }, LIMIT);
      assert.deepEqual(revived.expiresAt, LATER);
      await assertRefused(changed(harness, second.apiKey, { expiresAt: null }, LIMIT), 'api_key.limit_reached');
      assert.deepEqual(await harness.apiKeys.find(owner.organizationId, second.apiKey.id), {
        apiKey: second.apiKey,
        secrets: [second.secret],
      });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT }), 'api_key.limit_reached');
      await changed(harness, second.apiKey, { expiresAt: LATER });
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT + 1 }), 'api_key.limit_reached');
    },
  },
  {
    promise: 'a key that is given a later end in time counts, though a clock that is ahead has seen it expire',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const ending = aNewApiKey(owner, { expiresAt: SOON });
      await harness.apiKeys.insert(ending, { maxKeys: 2 });
      await harness.apiKeys.insert(aNewApiKey(owner, { createdAt: SOON }), { maxKeys: 2 });
      await changed(harness, ending.apiKey, { expiresAt: LATER }, 2);
      await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 3 }), 'api_key.limit_reached');
    },
  },
  {
    promise: 'the limit refuses no change of a key that counts already, or does not count afterwards',
    async run(harness) {
      const { owner, keys } = await filled(harness, LIMIT);
      const [live] = keys;
      assert.ok(live);
      const expired = aNewApiKey(owner, { expiresAt: PAST });
      await harness.apiKeys.insert(expired, { maxKeys: LIMIT, mayExceed: true });
      await changed(harness, live, { disabledAt: PAST }, LIMIT);
      await changed(harness, live, { disabledAt: null, expiresAt: LATER }, LIMIT);
      await changed(harness, expired.apiKey, { name: 'still expired', disabledAt: PAST }, LIMIT);
    },
  },
  {
    promise: 'the limit is exact among 64 concurrent inserts with imported keys present, which may have exceeded it',
    async run(harness) {
      const { owner, keys } = await filled(harness, LIMIT - 3);
      const imported = Array.from({ length: 6 }, () => aNewImportedApiKey(owner));
      await harness.apiKeys.insertImported(imported);
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 0);
      for (const apiKey of keys.slice(0, 5)) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      }
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 2);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, LIMIT);
    },
  },
  {
    promise: 'an import that races inserts takes no key from the count',
    async run(harness) {
      const { owner } = await filled(harness, LIMIT - 4);
      const imported = [1, 2, 3, 4].map(() => aNewImportedApiKey(owner));
      const [made] = await Promise.all([
        insertedAtOnce(harness, owner, LIMIT),
        harness.apiKeys.insertImported(imported),
      ]);
      assert.equal((await harness.apiKeys.list(owner.organizationId)).length, LIMIT + made);
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 0);
    },
  },
  {
    promise: 'revocations that race inserts make room for as many keys, and never for more',
    async run(harness) {
      const { owner, keys } = await filled(harness, LIMIT);
      const revocations = keys.slice(0, 4).map(async (apiKey) => {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
      });
      const [made] = await Promise.all([insertedAtOnce(harness, owner, LIMIT), ...revocations]);
      assert.ok(made <= 4, `${made} keys were made where four were revoked`);
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 4 - made);
    },
  },
  {
    promise: 'a limit that was lowered below the number of keys refuses until there are fewer, and is exact then',
    async run(harness) {
      const { owner, keys } = await filled(harness, LIMIT + 20);
      for (const [revoked, apiKey] of keys.slice(0, 24).entries()) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey));
        if (revoked >= 20) continue;
        await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: LIMIT }), 'api_key.limit_reached');
      }
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 4);
    },
  },
  {
    promise: 'keys that were made without a limit count like others, and it is exact with them',
    async run(harness) {
      const { owner } = await filled(harness, 3);
      for (let made = 0; made < 3; made += 1) await harness.apiKeys.insert(aNewApiKey(owner));
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), LIMIT - 6);
      const [unlimited] = await harness.apiKeys.list(owner.organizationId);
      assert.ok(unlimited);
      await harness.apiKeys.revoke(owner.organizationId, unlimited.id, aRevocationOf(unlimited));
      assert.equal(await insertedAtOnce(harness, owner, LIMIT), 1);
    },
  },
  {
    promise: 'a limit of keys is the number of all keys, the first of the organization among them',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      for (const maxKeys of [0, 1]) {
        await assertRefused(harness.apiKeys.insert(aNewApiKey(owner), { maxKeys }), 'api_key.limit_reached');
      }
      await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: 2 });
    },
  },
];

/** An organization with so many keys, the owner's among them. */
async function filled(harness: RepositoryHarness, count: number) {
  const { owner } = await storedOrganization(harness);
  for (let made = 1; made < count; made += 1) await harness.apiKeys.insert(aNewApiKey(owner), { maxKeys: count });
  return { owner, keys: await harness.apiKeys.list(owner.organizationId) };
}

/** Changes a key on New Year's Day of 2026. */
async function changed(
  { apiKeys }: RepositoryHarness,
  { organizationId, id: apiKeyId }: ApiKey,
  fields: Partial<ApiKey>,
  maxKeys?: number,
): Promise<ApiKey> {
  const event = anAuditEvent({ organizationId, apiKeyId });
  const change = ({ apiKey }: { readonly apiKey: ApiKey }) => ({ event, apiKey: apiKey.with(fields), maxKeys });
  return (await apiKeys.change(organizationId, apiKeyId, change)).apiKey;
}

/** How many of concurrent inserts succeed; fails unless the others are refused for the limit. */
async function insertedAtOnce({ apiKeys }: RepositoryHarness, owner: Member, maxKeys: number): Promise<number> {
  const attempts = Array.from({ length: CONCURRENT }, () => apiKeys.insert(aNewApiKey(owner), { maxKeys }));
  const outcomes = await Promise.allSettled(attempts);
  for (const [i, attempt] of attempts.entries()) {
    if (outcomes[i]?.status === 'rejected') await assertRefused(attempt, 'api_key.limit_reached');
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}
