import assert from 'node:assert/strict';
import type { ApiKey } from '../../domain/api-key.js';
import { NO_USAGE } from '../../application/usage/usage-totals.js';
import type { CountedHour, UsageGranularity, UsageTotals } from '../../application/ports/usage-counts.js';
import { anAuditEvent, anId, aNewApiKey } from '../builders.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, storedOrganization, twoOrganizations } from './repository-harness.js';

const HOUR = new Date('2026-02-28T22:00:00.000Z');
const NEXT_HOUR = new Date('2026-02-28T23:00:00.000Z');
const NEXT_DAY = new Date('2026-03-01T00:00:00.000Z');
const EACH: UsageTotals = {
  accepted: 1,
  refusedState: 20,
  refusedAddress: 300,
  refusedLimit: 4000,
  refusedScope: 50_000,
};

/** Every promise of `UsageCounts`. */
export const usageCountsContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'each outcome adds up for each key, by the hour, the day and the month',
    async run(harness) {
      const { usageCounts } = harness;
      const [{ apiKey }] = await twoOrganizations(harness);
      await usageCounts.add([counted(apiKey, HOUR, EACH), counted(apiKey, NEXT_HOUR), counted(apiKey, NEXT_DAY)]);
      await usageCounts.add([counted(apiKey, NEXT_HOUR, { accepted: 4 }), counted(apiKey, NEXT_DAY)]);
      const found = (granularity: UsageGranularity) => usageCounts.buckets(apiKey.organizationId, around(granularity));
      assert.deepEqual(await found('hour'), [
        { startsAt: HOUR, ...EACH },
        { startsAt: NEXT_HOUR, ...NO_USAGE, accepted: 5 },
        { startsAt: NEXT_DAY, ...NO_USAGE, accepted: 2 },
      ]);
      assert.deepEqual(await found('day'), [
        { startsAt: new Date('2026-02-28T00:00:00.000Z'), ...EACH, accepted: 6 },
        { startsAt: NEXT_DAY, ...NO_USAGE, accepted: 2 },
      ]);
      assert.deepEqual(await found('month'), [
        { startsAt: new Date('2026-02-01T00:00:00.000Z'), ...EACH, accepted: 6 },
        { startsAt: NEXT_DAY, ...NO_USAGE, accepted: 2 },
      ]);
    },
  },
  {
    promise: 'what is added at once, in any order, is all there',
    async run(harness) {
      const { usageCounts } = harness;
      const keys = (await twoOrganizations(harness)).map(({ apiKey }) => apiKey);
      const adding = Array.from({ length: 20 }, (_, at) => {
        const hours = [HOUR, NEXT_HOUR].flatMap((hour) => keys.map((key) => counted(key, hour)));
        return usageCounts.add(at % 2 === 0 ? hours : hours.toReversed());
      });
      await Promise.all(adding);
      for (const { organizationId } of keys) {
        const buckets = await usageCounts.buckets(organizationId, around('hour'));
        assert.deepEqual(
          buckets.map(({ startsAt, accepted }) => [startsAt, accepted]),
          [
            [HOUR, 20],
            [NEXT_HOUR, 20],
          ],
        );
      }
    },
  },
  {
    promise: 'a stretch of time holds the buckets that begin in it: the first instant is in it, the last is not',
    async run(harness) {
      const { usageCounts } = harness;
      const { apiKey } = await storedOrganization(harness);
      await usageCounts.add([counted(apiKey, HOUR), counted(apiKey, NEXT_HOUR), counted(apiKey, NEXT_DAY)]);
      const range = { from: NEXT_HOUR, to: NEXT_DAY, granularity: 'hour' } as const;
      const [only, ...others] = await usageCounts.buckets(apiKey.organizationId, range);
      assert.deepEqual([only?.startsAt, others], [NEXT_HOUR, []]);
      assert.deepEqual(await usageCounts.busiestKeys(apiKey.organizationId, range, 9), [
        { apiKeyId: apiKey.id, ...NO_USAGE, accepted: 1 },
      ]);
      assert.deepEqual(await usageCounts.buckets(apiKey.organizationId, { ...range, to: NEXT_HOUR }), []);
    },
  },
  {
    promise: 'an organization reads its own keys alone, and of those the ones that it asks for',
    async run(harness) {
      const { usageCounts } = harness;
      const [{ apiKey, organization, owner }, other] = await twoOrganizations(harness);
      const second = aNewApiKey(owner);
      await harness.apiKeys.insert(second);
      await usageCounts.add([
        counted(apiKey, HOUR, { accepted: 1 }),
        counted(second.apiKey, HOUR, { accepted: 20 }),
        counted(other.apiKey, HOUR, { accepted: 300 }),
      ]);
      const asked = [other.apiKey.id, apiKey.id, anId()];
      for (const granularity of ['hour', 'day', 'month'] as const) {
        const range = around(granularity);
        const accepted = async (ids?: readonly string[]) =>
          (await usageCounts.buckets(organization.id, range, ids)).map((bucket) => bucket.accepted);
        assert.deepEqual(await accepted(), [21]);
        assert.deepEqual(await accepted(asked), [1]);
        assert.deepEqual(await accepted([]), []);
        assert.deepEqual(
          (await usageCounts.ofKeys(organization.id, range, asked)).map(({ apiKeyId }) => apiKeyId),
          [apiKey.id],
        );
        assert.deepEqual(await usageCounts.ofKeys(organization.id, range, []), []);
      }
    },
  },
  {
    promise: 'the busiest come first, by all of their requests, and no more than are asked for',
    async run(harness) {
      const { usageCounts } = harness;
      const [{ apiKey, organization, owner }, other] = await twoOrganizations(harness);
      const keys = [apiKey];
      for (let n = 0; n < 2; n += 1) {
        const created = aNewApiKey(owner);
        await harness.apiKeys.insert(created);
        keys.push(created.apiKey);
      }
      const [first, second, third] = keys as [ApiKey, ApiKey, ApiKey];
      await usageCounts.add([
        counted(first, HOUR, { accepted: 2 }),
        counted(second, HOUR, { refusedLimit: 1 }),
        counted(second, NEXT_HOUR, { refusedScope: 8 }),
        counted(third, HOUR, { accepted: 5 }),
        counted(other.apiKey, HOUR, { accepted: 17 }),
      ]);
      for (const granularity of ['hour', 'day', 'month'] as const) {
        const range = around(granularity);
        const all = [second.id, third.id, first.id];
        const ids = (usage: readonly { readonly apiKeyId: string }[]) => usage.map(({ apiKeyId }) => apiKeyId);
        assert.deepEqual(ids(await usageCounts.busiestKeys(organization.id, range, 9)), all);
        assert.deepEqual(ids(await usageCounts.busiestKeys(organization.id, range, 2)), all.slice(0, 2));
        assert.deepEqual(ids(await usageCounts.ofKeys(organization.id, range, all.toSorted())), all);
        assert.deepEqual(await usageCounts.busiestOrganizations(range, 9), [
          { organizationId: other.organization.id, ...NO_USAGE, accepted: 17 },
          { organizationId: organization.id, ...NO_USAGE, accepted: 7, refusedLimit: 1, refusedScope: 8 },
        ]);
        assert.equal((await usageCounts.busiestOrganizations(range, 1)).length, 1);
      }
    },
  },
  {
    promise: 'what a key was used for that is not stored is ignored, and the others are counted',
    async run(harness) {
      const { usageCounts } = harness;
      const { apiKey } = await storedOrganization(harness);
      const gone = { id: anId(), organizationId: apiKey.organizationId };
      await usageCounts.add([counted(gone, HOUR), counted(apiKey, HOUR)]);
      const [bucket] = await usageCounts.buckets(apiKey.organizationId, around('hour'));
      assert.equal(bucket?.accepted, 1);
      await usageCounts.add([counted(gone, HOUR)]);
      await usageCounts.add([]);
    },
  },
  {
    promise: 'hours and days are removed that began before their instants, and no others',
    async run(harness) {
      const { usageCounts } = harness;
      const { apiKey } = await storedOrganization(harness);
      await usageCounts.add([counted(apiKey, HOUR), counted(apiKey, NEXT_HOUR), counted(apiKey, NEXT_DAY)]);
      const left = async (granularity: UsageGranularity) =>
        (await usageCounts.buckets(apiKey.organizationId, around(granularity))).map(({ startsAt }) => startsAt);
      await removeAll(harness, { hours: NEXT_HOUR, days: new Date('2026-02-28T00:00:00.000Z') });
      assert.deepEqual(await left('hour'), [NEXT_HOUR, NEXT_DAY]);
      assert.deepEqual(await left('day'), [new Date('2026-02-28T00:00:00.000Z'), NEXT_DAY]);
      await removeAll(harness, { hours: NEXT_HOUR, days: NEXT_DAY });
      assert.deepEqual([await left('hour'), await left('day')], [[NEXT_HOUR, NEXT_DAY], [NEXT_DAY]]);
    },
  },
  {
    promise: 'the usage of a deleted organization is shown to nobody, and is removed, and no other is',
    async run(harness) {
      const { usageCounts, organizations } = harness;
      const [gone, kept] = await twoOrganizations(harness);
      const hours = [HOUR, NEXT_HOUR, NEXT_DAY];
      for (const { apiKey } of [gone, kept]) await usageCounts.add(hours.map((hour) => counted(apiKey, hour)));
      const event = anAuditEvent({
        organizationId: gone.organization.id,
        type: 'organization.deleted',
        apiKeyId: null,
      });
      await organizations.delete(gone.organization.id, () => event);
      const organizationsLeft = async () =>
        (await usageCounts.busiestOrganizations(around('hour'), 9)).map(({ organizationId }) => organizationId);
      assert.deepEqual(await organizationsLeft(), [kept.organization.id]);
      await removeAll(harness, { hours: new Date(0), days: new Date(0) });
      for (const granularity of ['hour', 'day'] as const) {
        assert.deepEqual(await usageCounts.buckets(gone.organization.id, around(granularity)), []);
        assert.notDeepEqual(await usageCounts.buckets(kept.organization.id, around(granularity)), []);
      }
    },
  },
];

/** In parts of two rows. */
async function removeAll({ usageCounts }: RepositoryHarness, before: { hours: Date; days: Date }): Promise<void> {
  let parts = 0;
  while (await usageCounts.removeBefore(before, 2)) assert.ok((parts += 1) < 9, 'it never ends');
}

function around(granularity: UsageGranularity) {
  return { from: new Date('2026-02-01T00:00:00.000Z'), to: new Date('2026-03-10T00:00:00.000Z'), granularity };
}

function counted(
  { id, organizationId }: Pick<ApiKey, 'id' | 'organizationId'>,
  startsAt: Date,
  totals: Partial<UsageTotals> = { accepted: 1 },
): CountedHour {
  return { apiKeyId: id, organizationId, startsAt, ...NO_USAGE, ...totals };
}
