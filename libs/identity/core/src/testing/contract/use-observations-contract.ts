import assert from 'node:assert/strict';
import { MAX_OBSERVATION_GAP_MS } from '../../domain/observed-time.js';
import type { ContractCase } from './contract-case.js';
import type { RepositoryHarness } from './repository-harness.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const GAP = MAX_OBSERVATION_GAP_MS;

/** Every promise of `UseObservations`. Each case wants an empty store. */
export const useObservationsContract: readonly ContractCase<RepositoryHarness>[] = [
  {
    promise: 'records prolong a stretch as long as they are not further apart than the gap, to the millisecond',
    async run({ observations }) {
      assert.deepEqual(await observations.list(), []);
      for (const ms of [0, 5, 5 + GAP]) await observations.record(at(ms));
      assert.deepEqual(await observations.list(), [{ startedAt: NOW, endedAt: at(5 + GAP) }]);
    },
  },
  {
    promise: 'a record after a longer gap begins another stretch, and so does one from before',
    async run({ observations }) {
      for (const ms of [0, GAP + 1, -1]) await observations.record(at(ms));
      const stretches = (await observations.list()).toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
      assert.deepEqual(
        stretches,
        [-1, 0, GAP + 1].map((ms) => ({ startedAt: at(ms), endedAt: at(ms) })),
      );
    },
  },
  {
    promise: 'a record within a stretch leaves its end as it is',
    async run({ observations }) {
      for (const ms of [0, 10, 4]) await observations.record(at(ms));
      assert.deepEqual(await observations.list(), [{ startedAt: NOW, endedAt: at(10) }]);
    },
  },
  {
    promise: 'several that begin at the same instant begin one stretch',
    async run({ observations }) {
      await Promise.all([1, 2, 3, 4].map(() => observations.record(NOW)));
      assert.deepEqual(await observations.list(), [{ startedAt: NOW, endedAt: NOW }]);
    },
  },
];
