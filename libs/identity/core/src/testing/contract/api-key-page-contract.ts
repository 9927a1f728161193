import assert from 'node:assert/strict';
import type { ApiKeyPage } from '../../application/ports/api-key-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { aMember, anAuditEvent, anId, aNewApiKey, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const KEYS = 30;
const PAGE = 4;
const REVOKED_AT = new Date('2026-03-04T05:06:07.089Z');

/** What `ApiKeyRepository.list` promises of its pages. */
export const apiKeyPageContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a page of one member has its keys and no others, revoked ones where they are asked for',
    async run(harness) {
      const { owner } = await stored(harness);
      const { organizationId } = owner;
      const member = aMember({ organizationId, externalId: 'user' });
      await harness.members.insert({ member, event: anAuditEvent({ organizationId }) });
      const own = [aNewApiKey(member), aNewApiKey(member), aNewApiKey(member)];
      for (const each of own) await harness.apiKeys.insert(each);
      const [revoked] = own;
      assert.ok(revoked);
      await harness.apiKeys.revoke(organizationId, revoked.apiKey.id, aRevocationOf(revoked.apiKey));
      const ids = async (page: ApiKeyPage) =>
        (await harness.apiKeys.list(organizationId, { ...page, memberId: member.id })).map(({ id }) => id).sort();
      const all = own.map(({ apiKey }) => apiKey.id).sort();
      assert.deepEqual(
        await ids({}),
        all.filter((id) => id !== revoked.apiKey.id),
      );
      assert.deepEqual(await ids({ includeRevoked: true }), all);
      const end = await harness.apiKeys.findPageEnd(organizationId, { limit: 1, memberId: member.id });
      assert.ok(all.includes(end?.id ?? ''));
      assert.equal(await harness.apiKeys.findPageEnd(organizationId, { limit: 2, memberId: member.id }), null);
    },
  },
  {
    promise: 'a page goes on behind the key it names, by creation and by id within one millisecond',
    async run(harness) {
      const { owner } = await stored(harness);
      const all = await harness.apiKeys.list(owner.organizationId);
      assert.equal(all.length, KEYS + 1);
      for (const [at, after] of all.entries()) {
        const page = await harness.apiKeys.list(owner.organizationId, { limit: PAGE, after });
        assert.deepEqual(page, all.slice(at + 1, at + 1 + PAGE));
      }
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId, { limit: PAGE }), all.slice(0, PAGE));
    },
  },
  {
    promise: 'a page goes on behind a key that was revoked meanwhile, and behind one that is not there',
    async run(harness) {
      const { owner } = await stored(harness);
      const all = await harness.apiKeys.list(owner.organizationId);
      const after = all[9];
      assert.ok(after);
      await harness.apiKeys.revoke(owner.organizationId, after.id, aRevocationOf(after));
      const expected = all.slice(10, 10 + PAGE);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId, { limit: PAGE, after }), expected);
      const gone = { createdAt: new Date(after.createdAt.getTime() - 1), id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' };
      const behind = all.filter(({ createdAt }) => createdAt < after.createdAt);
      assert.deepEqual(await harness.apiKeys.list(owner.organizationId, { after: gone }), behind);
    },
  },
  {
    promise: 'pages hold every key exactly once that is there all the time, while others come and go',
    async run(harness) {
      const { owner } = await stored(harness);
      const atFirst = await harness.apiKeys.list(owner.organizationId);
      const walked = await walk(harness, owner.organizationId, { limit: PAGE }, async (last) => {
        const [late, early] = [new Date(), new Date(0)];
        await harness.apiKeys.insert(aNewApiKey(owner, { createdAt: late }));
        await harness.apiKeys.insert(aNewApiKey(owner, { createdAt: early }));
        await harness.apiKeys.revoke(owner.organizationId, last.id, aRevocationOf(last));
      });
      assert.equal(new Set(walked).size, walked.length);
      const ids = new Set(atFirst.map(({ id }) => id));
      assert.deepEqual(
        walked.filter((id) => ids.has(id)),
        [...ids],
      );
    },
  },
  {
    promise: 'pages include revoked keys in their place when asked to, and only then',
    async run(harness) {
      const { owner, keys } = await stored(harness);
      const all = await harness.apiKeys.list(owner.organizationId);
      const revoked = new Set(keys.filter((_, i) => i % 3 === 0).map(({ id }) => id));
      for (const apiKey of keys.filter(({ id }) => revoked.has(id))) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, REVOKED_AT));
      }
      const ids = all.map(({ id }) => id);
      const page = { limit: PAGE, includeRevoked: true };
      assert.deepEqual(await walk(harness, owner.organizationId, page), ids);
      const unrevoked = ids.filter((id) => !revoked.has(id));
      assert.deepEqual(await walk(harness, owner.organizationId, { limit: PAGE }), unrevoked);
      assert.deepEqual(await walk(harness, owner.organizationId, { limit: PAGE, includeRevoked: false }), unrevoked);
    },
  },
  {
    promise:
      'a page ends with the key that it goes until, and findPageEnd tells that key of every page that others follow',
    async run(harness) {
      const { owner, keys } = await stored(harness);
      for (const apiKey of keys.filter((_, i) => i % 4 === 0)) {
        await harness.apiKeys.revoke(owner.organizationId, apiKey.id, aRevocationOf(apiKey, REVOKED_AT));
      }
      for (const includeRevoked of [true, false]) {
        const all = await harness.apiKeys.list(owner.organizationId, { includeRevoked });
        for (const [at, after] of [undefined, ...all].entries()) {
          for (const limit of [1, PAGE, all.length - at, KEYS + 2]) {
            if (limit < 1) continue;
            const end = await harness.apiKeys.findPageEnd(owner.organizationId, { limit, after, includeRevoked });
            const last = at + limit < all.length ? all[at + limit - 1] : undefined;
            assert.deepEqual(end, last === undefined ? null : { createdAt: last.createdAt, id: last.id });
            if (end === null) continue;
            const page = await harness.apiKeys.list(owner.organizationId, { after, until: end, includeRevoked });
            assert.deepEqual(page, all.slice(at, at + limit));
          }
        }
      }
    },
  },
  {
    promise: "a page holds the organization's own keys alone, also behind another organization's key",
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      for (const includeRevoked of [true, false]) {
        const after = { createdAt: new Date(), id: theirs.apiKey.id };
        const page = await harness.apiKeys.list(mine.organization.id, { limit: PAGE, after, includeRevoked });
        assert.deepEqual(page, [mine.apiKey]);
        assert.equal(await harness.apiKeys.findPageEnd(mine.organization.id, { limit: 1, includeRevoked }), null);
        assert.deepEqual(await harness.apiKeys.list(anId(), { limit: PAGE, after, includeRevoked }), []);
      }
    },
  },
];

/** An organization with keys of which always three were made in the same millisecond. */
async function stored(harness: RepositoryHarness) {
  const { owner, apiKey } = await storedOrganization(harness);
  const instant = (i: number) => new Date(apiKey.createdAt.getTime() + Math.floor(i / 3));
  const created = Array.from({ length: KEYS }, (_, i) => aNewApiKey(owner, { createdAt: instant(i) }));
  for (const each of created) await harness.apiKeys.insert(each);
  return { owner, keys: created.map((each) => each.apiKey) };
}

/** Ids on all pages in their order; `between` runs behind each page. */
async function walk(
  { apiKeys }: RepositoryHarness,
  organizationId: string,
  page: ApiKeyPage,
  between: (last: ApiKey) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const walked: string[] = [];
  for (let after: ApiKey | undefined; walked.length <= 3 * KEYS;) {
    const keys = await apiKeys.list(organizationId, { ...page, after });
    walked.push(...keys.map(({ id }) => id));
    after = keys.at(-1);
    if (after === undefined) break;
    await between(after);
  }
  return walked;
}
