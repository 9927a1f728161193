import assert from 'node:assert/strict';
import type { RateLimitStore, RateVerdict, RateWindow } from '../../application/ports/rate-limit-store.js';
import { SeededRandomSource } from '../fakes/seeded-random-source.js';
import type { ContractCase } from './contract-case.js';

/** The store under test, and the time of it. */
export interface RateLimitStoreHarness {
  readonly store: RateLimitStore;
  /** Lets the store be this many milliseconds later. It may be a little more: the store has a clock of its own. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

const MINUTE = 60_000;

/** How long the calls of one case may take by the clock of the store, in milliseconds. */
const TOLERANCE_MS = 5_000;

let made = 0;

/** A window that no other case uses. */
function aWindow(limit: number, kind: RateWindow['kind'] = 'organization', windowMs = MINUTE): RateWindow {
  made += 1;
  return { kind, id: `contract-${made}`, limit, windowMs };
}

/** How many of so many requests are admitted. */
async function admitted(store: RateLimitStore, windows: readonly RateWindow[], requests: number): Promise<number> {
  const verdicts: RateVerdict[] = [];
  for (let request = 0; request < requests; request += 1) verdicts.push(await store.take(windows));
  return verdicts.filter(({ refusedBy }) => refusedBy === null).length;
}

function assertAbout(actual: number | undefined, expected: number): void {
  assert.ok(
    actual !== undefined && actual <= expected && actual > expected - TOLERANCE_MS,
    `${actual} for ${expected}`,
  );
}

/** Every promise of `RateLimitStore`. */
export const rateLimitStoreContract: readonly ContractCase<RateLimitStoreHarness>[] = [
  {
    promise: 'a window admits its limit, then refuses and says what is left and when there is more',
    async run({ store, pass }) {
      const window = aWindow(3);
      assert.deepEqual((await store.take([window], false)).states, [{ remaining: 3, msUntilMore: 0 }]);
      for (const [gap, left, msUntilMore] of [
        [0, 2, MINUTE],
        [20_000, 1, 40_000],
        [10_000, 0, 30_000],
      ] as const) {
        await pass(gap);
        const { refusedBy, states } = await store.take([window]);
        assert.deepEqual([refusedBy, states[0]?.remaining], [null, left]);
        assertAbout(states[0]?.msUntilMore, msUntilMore);
      }
      const { refusedBy, states } = await store.take([window]);
      assert.deepEqual([refusedBy, states.length, states[0]?.remaining], [0, 1, 0]);
      assertAbout(states[0]?.msUntilMore, 30_000);
      await pass(30_000);
      assert.equal(await admitted(store, [window], 3), 1);
    },
  },
  {
    promise: 'a window decides as a list of all that was ever admitted does',
    async run({ store, pass }) {
      const windows = [aWindow(5), aWindow(8), aWindow(2, 'key')];
      const accepted: { window: RateWindow; at: number }[] = [];
      let now = 0;
      // No sum of these gaps is near a minute: the clock of the store may go on by itself.
      for (const byte of new SeededRandomSource('rate limits').bytes(120)) {
        const gap = 14_000 * (byte % 3);
        now += gap;
        if (gap > 0) await pass(gap);
        const window = windows[(byte >> 2) % windows.length]!;
        const requests = 1 + ((byte >> 4) % 4);
        const recent = accepted.filter((one) => one.window === window && one.at > now - MINUTE).length;
        const expected = Math.min(requests, window.limit - recent);
        assert.equal(await admitted(store, [window], requests), expected);
        accepted.push(...Array.from({ length: expected }, () => ({ window, at: now })));
      }
      assert.ok(now > 5 * MINUTE);
    },
  },
  {
    promise: 'a burst that leaves a window leaves it as a whole, however large',
    async run({ store, pass }) {
      const window = aWindow(100);
      const burst = async (requests: number) =>
        (await Promise.all(Array.from({ length: requests }, async () => store.take([window])))).filter(
          ({ refusedBy }) => refusedBy === null,
        ).length;
      assert.equal(await burst(64), 64);
      await pass(30_000);
      assert.equal(await burst(50), 36);
      await pass(30_000);
      assert.equal((await store.take([window], false)).states[0]?.remaining, 64);
      assert.equal(await burst(100), 64);
    },
  },
  {
    promise: 'a request counts in all of its windows or in none, and the first that refuses is named',
    async run({ store }) {
      const [organization, key] = [aWindow(3), aWindow(2, 'key')];
      assert.equal(await admitted(store, [organization, key], 4), 2);
      assert.equal((await store.take([organization, key])).refusedBy, 1);
      assert.deepEqual((await store.take([organization], false)).states[0]?.remaining, 1);
      assert.equal(await admitted(store, [organization], 2), 1);
      assert.equal((await store.take([organization, key])).refusedBy, 0);
    },
  },
  {
    promise: 'a request that does not count is refused alike, and leaves what is left',
    async run({ store }) {
      const window = aWindow(1);
      for (let time = 0; time < 3; time += 1) assert.equal((await store.take([window], false)).refusedBy, null);
      assert.equal((await store.take([window])).refusedBy, null);
      assert.equal((await store.take([window], false)).refusedBy, 0);
    },
  },
  {
    promise: 'requests that come together are counted one by one, and each gets its own answer',
    async run({ store }) {
      const windows = [aWindow(20), aWindow(30, 'key'), aWindow(1000)];
      const verdicts = await Promise.all(Array.from({ length: 90 }, async (_, i) => store.take([windows[i % 3]!])));
      const counts = windows.map(
        (_, nth) => verdicts.filter(({ refusedBy }, i) => i % 3 === nth && refusedBy === null).length,
      );
      assert.deepEqual(counts, [20, 30, 30]);
      const left = verdicts.filter((_, i) => i % 3 === 1).map(({ states }) => states[0]?.remaining);
      assert.deepEqual(
        left,
        Array.from({ length: 30 }, (_, i) => 29 - i),
      );
    },
  },
  {
    promise: 'windows of an organization and a key are apart, whatever their ids',
    async run({ store }) {
      const window = aWindow(1);
      const ids = [window.id, window.id.toUpperCase(), `${window.id}:a`, `${window.id}:`, '', ' ', '__proto__', 'ａ'];
      for (const kind of ['organization', 'key'] as const) {
        for (const id of ids) assert.deepEqual([id, await admitted(store, [{ ...window, kind, id }], 2)], [id, 1]);
      }
    },
  },
  {
    promise: 'a window whose limit or length is changed goes on with what it has counted',
    async run({ store, pass }) {
      const window = aWindow(4, 'key');
      assert.equal(await admitted(store, [window], 4), 4);
      assert.equal(await admitted(store, [{ ...window, limit: 6 }], 4), 2);
      const long = { ...window, limit: 6, windowMs: 10 * MINUTE };
      assert.equal(await admitted(store, [long], 1), 0);
      await pass(2 * MINUTE);
      assert.equal(await admitted(store, [long], 1), 0);
      assert.equal(await admitted(store, [{ ...window, limit: 2 }], 4), 2);
      await pass(20_000);
      assert.equal(await admitted(store, [window], 3), 2);
      const { refusedBy, states } = await store.take([{ ...window, limit: 2 }]);
      assert.deepEqual([refusedBy, states[0]?.remaining], [0, 0]);
      // The two newest are those that count.
      assertAbout(states[0]?.msUntilMore, MINUTE);
    },
  },
  {
    promise: 'failures of a source add up for a minute, and those of others are apart',
    async run({ store, pass }) {
      made += 1;
      const [one, other] = [`failing ${made}`, `another ${made}`];
      const counts = await Promise.all(Array.from({ length: 5 }, () => store.countFailure(one)));
      assert.deepEqual(
        counts.map(({ failures }) => failures),
        [1, 2, 3, 4, 5],
      );
      for (const { msUntilReset } of counts) assertAbout(msUntilReset, MINUTE);
      assert.equal((await store.countFailure(other)).failures, 1);
      await pass(40_000);
      const { failures, msUntilReset } = await store.countFailure(one);
      assert.equal(failures, 6);
      assertAbout(msUntilReset, 20_000);
      await pass(20_000);
      assert.equal((await store.countFailure(one)).failures, 1);
    },
  },
];
