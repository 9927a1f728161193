import assert from 'node:assert/strict';
import { comparePlaces, matches, placeIn } from '../../application/keys/key-search.js';
import {
  API_KEY_SORTS,
  API_KEY_STATUSES,
  type ApiKeyFilters,
  type ApiKeySearch,
  type SortedPlace,
} from '../../application/ports/api-key-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { anAuditEvent, anId, aNewApiKey, aRevocationOf } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const AT = new Date('2026-06-01T00:00:00.000Z');
const DAY_MS = 86_400_000;
const NAMES = ['web shop', 'Web', 'WEB-2', 'Éclair', 'éclair', 'a%_b', 'Z', '🔑 safe', '\uffee', 'wë', 'ẞ'];
const LABELS = ['production', 'team:shop', 'eu'];
const PAGE = 7;

/** Each filter with values that some keys pass and others do not. */
const FILTERS: readonly ApiKeyFilters[] = [
  {},
  ...['w', 'WEB', 'é', 'É', '🔑', 'a%', 'a_', 'a%_B', 'nobody', '\uffee', 'ß'].map((nameBegins) => ({ nameBegins })),
  ...[...LABELS, 'prod', 'unknown'].map((label) => ({ label })),
  ...API_KEY_STATUSES.map((status) => ({ status })),
  { unusedSince: new Date(AT.getTime() - 5 * DAY_MS) },
  { nameBegins: 'web', label: 'team:shop' },
  { label: 'production', status: 'active' },
  { label: 'eu', status: 'revoked', unusedSince: AT },
  { nameBegins: 'w', label: 'production', status: 'disabled', unusedSince: AT },
];

/** What `ApiKeyRepository.search` and `listByIds` promise. */
export const keySearchContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'search finds the keys that pass all filters, in every order, page by page',
    async run(harness) {
      const { keys, organizationId } = await storedKeys(harness);
      for (const sort of API_KEY_SORTS) {
        for (const filters of FILTERS) {
          for (const includeRevoked of [false, true]) {
            const wanted = keys.filter(
              ({ apiKey }) => includeRevoked || filters.status === 'revoked' || apiKey.revokedAt === null,
            );
            const expected = wanted
              .filter((key) => matches(key, filters, AT))
              .map(({ apiKey }) => placeIn(sort, apiKey))
              .sort((a, b) => comparePlaces(sort, a, b))
              .map(({ id }) => id);
            const found = await walk(harness, organizationId, { ...filters, sort, includeRevoked });
            assert.deepEqual(
              { sort, filters, includeRevoked, found },
              { sort, filters, includeRevoked, found: expected },
            );
          }
        }
      }
    },
  },
  {
    promise: 'search goes on behind the last key of a page, also if that is not there any more',
    async run(harness) {
      const { organizationId } = await storedKeys(harness);
      for (const sort of API_KEY_SORTS) {
        const search = { sort, includeRevoked: false, at: AT };
        const { ids: all } = await harness.apiKeys.search(organizationId, { ...search, limit: 1000 });
        const { ids, next } = await harness.apiKeys.search(organizationId, { ...search, limit: 3 });
        assert.deepEqual(ids, all.slice(0, 3));
        const [gone] = await harness.apiKeys.listByIds(organizationId, ids.slice(-1));
        assert.ok(gone && next);
        await harness.apiKeys.revoke(organizationId, gone.id, aRevocationOf(gone));
        const behind = await harness.apiKeys.search(organizationId, { ...search, limit: 1000, after: next });
        assert.deepEqual(behind, { ids: all.slice(3), next: null });
      }
    },
  },
  {
    promise: 'search finds a key by the labels that it has now',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const { organizationId } = owner;
      const created = aNewApiKey(owner, { labels: ['a', 'b'] });
      await harness.apiKeys.insert(created);
      const { id } = created.apiKey;
      const change = (fields: Partial<ApiKey>) =>
        harness.apiKeys.change(organizationId, id, ({ apiKey }) => ({
          apiKey: apiKey.with(fields),
          event: anAuditEvent({ organizationId, apiKeyId: id }),
        }));
      const labels = async () => {
        const found = await Promise.all(
          ['a', 'b', 'c'].map(async (label) => {
            const search = { label, sort: 'created_at', includeRevoked: false, at: AT, limit: 9 } as const;
            return (await harness.apiKeys.search(organizationId, search)).ids.length === 1 ? label : '';
          }),
        );
        return found.join('');
      };
      assert.equal(await labels(), 'ab');
      await change({ labels: ['c', 'b'] });
      assert.equal(await labels(), 'bc');
      await change({ name: 'other' });
      assert.equal(await labels(), 'bc');
      await change({ labels: [] });
      assert.equal(await labels(), '');
    },
  },
  {
    promise: 'search and listByIds know one organization only',
    async run(harness) {
      const [mine, theirs] = await twoOrganizations(harness);
      await harness.apiKeys.insert(aNewApiKey(theirs.owner, { labels: ['a'], name: mine.apiKey.name }));
      for (const sort of API_KEY_SORTS) {
        const search = { sort, includeRevoked: true, at: AT, limit: 9 };
        const { ids } = await harness.apiKeys.search(mine.organization.id, search);
        assert.deepEqual(ids, [mine.apiKey.id]);
        const labelled = await harness.apiKeys.search(mine.organization.id, { ...search, label: 'a' });
        assert.deepEqual(labelled, { ids: [], next: null });
      }
      const ids = [theirs.apiKey.id, mine.apiKey.id, anId()];
      assert.deepEqual(await harness.apiKeys.listByIds(mine.organization.id, ids), [mine.apiKey]);
      assert.deepEqual(await harness.apiKeys.listByIds(mine.organization.id, []), []);
    },
  },
];

/** Keys of every state, with and without labels, of which several have the same name, end and last use. */
async function storedKeys(harness: RepositoryHarness) {
  const { owner, apiKey: first, secret } = await storedOrganization(harness);
  const { organizationId } = owner;
  const keys = [{ apiKey: first, secrets: [secret] }];
  const day = (days: number | null) => (days === null ? null : new Date(AT.getTime() + days * DAY_MS));
  for (let i = 0; i < 3 * NAMES.length; i += 1) {
    const created = aNewApiKey(owner, {
      name: NAMES[i % NAMES.length]!,
      labels: LABELS.filter((_, index) => (i >> index) % 2 === 1),
      createdAt: day(-(i % 9))!,
      expiresAt: day([null, -1, 1, 0, 2][i % 5]!),
      disabledAt: day(i % 4 === 1 ? -1 : null),
      lastUsedAt: day([null, -7, -7, -1][i % 4]!),
    });
    await harness.apiKeys.insert(created);
    const { apiKey } = created;
    const event = aRevocationOf(apiKey);
    if (i % 6 === 2) await harness.apiKeys.revoke(organizationId, apiKey.id, event);
    const revokedAt = i % 6 === 2 ? event.occurredAt : null;
    keys.push({ apiKey: apiKey.with({ revokedAt }), secrets: [created.secret] });
  }
  return { organizationId, keys };
}

async function walk(
  { apiKeys }: RepositoryHarness,
  organizationId: string,
  search: Omit<ApiKeySearch, 'at' | 'limit'>,
): Promise<string[]> {
  const walked: string[] = [];
  for (let after: SortedPlace | undefined; walked.length < 1000;) {
    const { ids, next } = await apiKeys.search(organizationId, { ...search, at: AT, limit: PAGE, after });
    walked.push(...ids);
    if (next === null) break;
    after = next;
  }
  return walked;
}
