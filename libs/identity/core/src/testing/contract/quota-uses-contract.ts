import assert from 'node:assert/strict';
import type { QuotaUse } from '../../application/ports/quota-uses.js';
import type { ContractCase } from './contract-case.js';
import { type RepositoryHarness, twoOrganizations } from './repository-harness.js';

const DAY = { period: 'day', startsAt: new Date('2026-03-31T00:00:00.000Z') } as const;
const NEXT_DAY = { period: 'day', startsAt: new Date('2026-04-01T00:00:00.000Z') } as const;
const MONTH = { period: 'month', startsAt: new Date('2026-03-01T00:00:00.000Z') } as const;

/** Every promise of `QuotaUses`. */
export const quotaUsesContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'uses of one period add up for each key, and are found again',
    async run(harness) {
      const { quotaUses } = harness;
      const [one, other] = await storedIds(harness);
      assert.equal(await quotaUses.find({ apiKeyId: one, ...DAY }), 0);
      assert.deepEqual(await quotaUses.add([use(one, 3), use(other, 5)]), [3, 5]);
      assert.deepEqual(await quotaUses.add([use(other, 1), use(one, 4)]), [6, 7]);
      assert.equal(await quotaUses.find({ apiKeyId: one, ...DAY }), 7);
      assert.equal(await quotaUses.find({ apiKeyId: other, ...DAY }), 6);
    },
  },
  {
    promise: 'uses that are added at once are all there',
    async run(harness) {
      const { quotaUses } = harness;
      const [one, other] = await storedIds(harness);
      await Promise.all(Array.from({ length: 20 }, () => quotaUses.add([use(one, 1), use(other, 2)])));
      assert.equal(await quotaUses.find({ apiKeyId: one, ...DAY }), 20);
      assert.equal(await quotaUses.find({ apiKeyId: other, ...DAY }), 40);
    },
  },
  {
    promise: 'a later period begins with nothing, and an earlier one changes nothing any more',
    async run(harness) {
      const { quotaUses } = harness;
      const [id] = await storedIds(harness);
      await quotaUses.add([use(id, 3)]);
      assert.equal(await quotaUses.find({ apiKeyId: id, ...NEXT_DAY }), 0);
      assert.deepEqual(await quotaUses.add([use(id, 2, NEXT_DAY)]), [2]);
      assert.deepEqual(await quotaUses.add([use(id, 9, DAY)]), [null]);
      assert.equal(await quotaUses.find({ apiKeyId: id, ...NEXT_DAY }), 2);
      assert.equal(await quotaUses.find({ apiKeyId: id, ...DAY }), 0);
    },
  },
  {
    promise: 'a period of another length takes the place of the one before, whichever began first',
    async run(harness) {
      const { quotaUses } = harness;
      const [id] = await storedIds(harness);
      await quotaUses.add([use(id, 3)]);
      assert.deepEqual(await quotaUses.add([use(id, 4, MONTH)]), [4]);
      assert.equal(await quotaUses.find({ apiKeyId: id, ...MONTH }), 4);
      assert.deepEqual(await quotaUses.add([use(id, 5)]), [5]);
      assert.equal(await quotaUses.find({ apiKeyId: id, ...MONTH }), 0);
    },
  },
];

/** Ids of two keys that are stored. */
async function storedIds(harness: RepositoryHarness): Promise<[string, string]> {
  const [one, other] = await twoOrganizations(harness);
  return [one.apiKey.id, other.apiKey.id];
}

function use(apiKeyId: string, used: number, period: Pick<QuotaUse, 'period' | 'startsAt'> = DAY): QuotaUse {
  return { apiKeyId, used, ...period };
}
