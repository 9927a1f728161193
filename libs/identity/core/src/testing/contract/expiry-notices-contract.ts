import assert from 'node:assert/strict';
import type { ExpiryNoticeTerms } from '../../application/ports/api-key-repository.js';
import type { NewOrganization } from '../../application/ports/organization-repository.js';
import type { ApiKey } from '../../domain/api-key.js';
import { anAuditEvent, aNewApiKey, aNewOrganization } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization } from './repository-harness.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const DAY_MS = 86_400_000;
const MADE = inDays(-100);

/** What `ApiKeyRepository.claimExpiryNotices` and `settleExpiryNotice` promise. */
export const expiryNoticesContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a notice is due for the days that a key has left, to the millisecond, those that end first',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const ends = [inDays(0), inDays(1), inDays(1, 1), inDays(7), inDays(7, 1), inDays(30), inDays(30, 1), null];
      const keys: ApiKey[] = [];
      for (const expiresAt of ends) keys.push(await made(harness, owner, { expiresAt }));
      const claimed = await Promise.all([claim(harness, 7, 1), claim(harness, 1, 0), claim(harness, 30, 7)]);
      assert.deepEqual(claimed, [idsOf(keys[2], keys[3]), idsOf(keys[1]), idsOf(keys[4], keys[5])]);
    },
  },
  {
    promise:
      'a notice is claimed once, and again from the instant on at which it is to be repeated, until it is settled',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const { id, organizationId } = await made(harness, owner, { expiresAt: inDays(5) });
      const attempts = async (now: Date) => {
        const terms = { now, days: 7, endsAfter: inDays(1), retryAt: new Date(now.getTime() + 1000), limit: 9 };
        const claimed = await harness.apiKeys.claimExpiryNotices(terms);
        for (const each of claimed) {
          assert.deepEqual([each.id, each.organizationId, each.expiresAt], [id, organizationId, inDays(5)]);
        }
        return claimed.map(({ attempt }) => attempt);
      };
      assert.deepEqual([await attempts(NOW), await attempts(inDays(0, 999))], [[1], []]);
      assert.deepEqual([await attempts(inDays(0, 1000)), await attempts(inDays(0, 1999))], [[2], []]);
      await harness.apiKeys.settleExpiryNotice(id);
      assert.deepEqual(await attempts(inDays(0, 5000)), []);
    },
  },
  {
    promise: 'a key is noticed at fewer days once more, at more days no more, and anew for another end',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const apiKey = await made(harness, owner, { expiresAt: inDays(6) });
      assert.deepEqual(await claim(harness, 7, 1), [apiKey.id]);
      await harness.apiKeys.settleExpiryNotice(apiKey.id);
      assert.deepEqual(await claim(harness, 30, 0), []);
      const later = { now: inDays(5, 1) };
      assert.deepEqual(await claim(harness, 1, 0, later), [apiKey.id]);
      await harness.apiKeys.settleExpiryNotice(apiKey.id);
      assert.deepEqual(await claim(harness, 7, 0, later), []);
      await change(harness, apiKey, { expiresAt: inDays(9) });
      assert.deepEqual(await claim(harness, 7, 1, later), [apiKey.id]);
    },
  },
  {
    promise: 'a key is not noticed by more days than it ever had',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      await made(harness, owner, { createdAt: inDays(-1), expiresAt: inDays(6, -1) });
      const week = await made(harness, owner, { createdAt: inDays(-1), expiresAt: inDays(6) });
      assert.deepEqual(await claim(harness, 7, 1), [week.id]);
    },
  },
  {
    promise: 'revoked and disabled keys, and those of disabled organizations and members, are not noticed',
    async run(harness) {
      const expiresAt = inDays(5);
      const { owner } = await storedOrganization(harness);
      await made(harness, owner, { expiresAt, revokedAt: NOW });
      const disabled = await made(harness, owner, { expiresAt, disabledAt: NOW });
      const created = aNewOrganization();
      const closed = { ...created, organization: { ...created.organization, disabledAt: NOW } };
      await made(harness, (await storedOrganization(harness, closed)).owner, { expiresAt });
      const other = aNewOrganization();
      const left = { ...other, owner: { ...other.owner, disabledAt: NOW } };
      await made(harness, (await storedOrganization(harness, left)).owner, { expiresAt });
      assert.deepEqual(await claim(harness, 7, 1), []);
      await change(harness, disabled, { disabledAt: null });
      assert.deepEqual(await claim(harness, 7, 1), [disabled.id]);
    },
  },
  {
    promise: 'of notices that several claim at once each goes to one, and no more than were asked for',
    async run(harness) {
      const { owner } = await storedOrganization(harness);
      const keys: ApiKey[] = [];
      for (let i = 0; i < 20; i += 1) keys.push(await made(harness, owner, { expiresAt: inDays(2, i) }));
      assert.deepEqual(await claim(harness, 7, 1, { limit: 2 }), idsOf(keys[0], keys[1]));
      const claimed = (await Promise.all(Array.from({ length: 16 }, () => claim(harness, 7, 1)))).flat();
      assert.deepEqual(claimed.toSorted(), idsOf(...keys.slice(2)).toSorted());
    },
  },
];

function inDays(days: number, milliseconds = 0): Date {
  return new Date(NOW.getTime() + days * DAY_MS + milliseconds);
}

async function made(
  { apiKeys }: RepositoryHarness,
  owner: NewOrganization['owner'],
  fields: Partial<ApiKey>,
): Promise<ApiKey> {
  const created = aNewApiKey(owner, { createdAt: MADE, ...fields });
  await apiKeys.insert(created);
  return created.apiKey;
}

async function claim(
  { apiKeys }: RepositoryHarness,
  days: number,
  endsAfterDays: number,
  others: Partial<ExpiryNoticeTerms> = {},
): Promise<string[]> {
  const terms = { now: NOW, days, endsAfter: inDays(endsAfterDays), retryAt: inDays(50), limit: 99, ...others };
  return (await apiKeys.claimExpiryNotices(terms)).map(({ id }) => id);
}

async function change(
  { apiKeys }: RepositoryHarness,
  { organizationId, id }: ApiKey,
  fields: Partial<Pick<ApiKey, 'expiresAt' | 'disabledAt'>>,
): Promise<void> {
  await apiKeys.change(organizationId, id, ({ apiKey }) => ({
    event: anAuditEvent({ organizationId, apiKeyId: id }),
    apiKey: apiKey.with(fields),
  }));
}

function idsOf(...keys: (ApiKey | undefined)[]): (string | undefined)[] {
  return keys.map((apiKey) => apiKey?.id);
}
