import assert from 'node:assert/strict';
import type { ContractCase } from './contract-case.js';
import type { RepositoryHarness } from './repository-harness.js';

const CONCURRENT = 16;
const NOW = new Date('2026-03-04T05:06:07.089Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);

/** Every promise of `JobLeases`. Each case wants an empty store. */
export const jobLeasesContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'a lease is held against others until its end, to the millisecond',
    async run({ jobLeases }) {
      assert.equal(await jobLeases.acquire('job', 'a', NOW, at(10)), true);
      assert.equal(await jobLeases.acquire('job', 'b', NOW, at(100)), false);
      assert.equal(await jobLeases.acquire('job', 'b', at(9), at(100)), false);
      assert.equal(await jobLeases.acquire('job', 'b', at(10), at(20)), true);
      assert.equal(await jobLeases.acquire('job', 'a', at(19), at(100)), false);
    },
  },
  {
    promise: 'its holder may prolong a lease',
    async run({ jobLeases }) {
      await jobLeases.acquire('job', 'a', NOW, at(10));
      assert.equal(await jobLeases.acquire('job', 'a', at(5), at(20)), true);
      assert.equal(await jobLeases.acquire('job', 'b', at(15), at(30)), false);
      assert.equal(await jobLeases.acquire('job', 'b', at(20), at(30)), true);
    },
  },
  {
    promise:
      'a lease that goes on for more than twice as long as one from now is from a wrong clock, and holds nobody up',
    async run({ jobLeases }) {
      await jobLeases.acquire('job', 'a', at(1000), at(1010));
      assert.equal(await jobLeases.acquire('job', 'b', at(990), at(1000)), false);
      assert.equal(await jobLeases.acquire('job', 'b', at(989), at(999)), true);
    },
  },
  {
    promise: 'leases of different jobs have nothing to do with each other',
    async run({ jobLeases }) {
      assert.equal(await jobLeases.acquire('job', 'a', NOW, at(10)), true);
      assert.equal(await jobLeases.acquire('other job', 'b', NOW, at(10)), true);
    },
  },
  {
    promise: 'of 16 that want a free lease at once exactly one gets it, and so when it has ended',
    async run({ jobLeases }) {
      for (const now of [NOW, at(10)]) {
        const holders = Array.from({ length: CONCURRENT }, (_, i) => `holder ${i} at ${now.toISOString()}`);
        const answers = await Promise.all(
          holders.map((holder) => jobLeases.acquire('job', holder, now, new Date(now.getTime() + 10))),
        );
        assert.equal(answers.filter(Boolean).length, 1);
      }
    },
  },
];
