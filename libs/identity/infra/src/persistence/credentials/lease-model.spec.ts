import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Mutation, type Random, type Scenario, simulate, TROUBLES } from '../../../testing/lease-model.js';
import { LEASE_TERMS } from './lease-protocol.js';

const RUNS = 40;
/** Most runs until a mutation has to be found. One in 3 to one in 20 finds it. */
const HUNTS = 400;

/** A sequence of numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const trouble = fc.tuple(
  fc.constantFrom(...TROUBLES),
  fc.integer({ min: 1500, max: 6000 }),
  fc.integer({ min: 0, max: 2 }),
);
const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  troubles: fc.array(trouble, { maxLength: 6 }),
  slowness: fc.constantFrom(0.02, 0.1, 0.4),
});

describe('the protocol of leases, run by its own code in a simulated world', () => {
  it('accepts no key in a request that begins after its revocation was acknowledged, whatever goes wrong', async () => {
    let acknowledged = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), anyScenario, async (seed, scenario) => {
        const outcome = await simulate(randomOf(seed), scenario);
        expect(outcome.violations).toEqual([]);
        acknowledged += outcome.acknowledged;
      }),
      { numRuns: RUNS, seed: 44 },
    );
    expect(acknowledged).toBeGreaterThan(RUNS);
  });

  it('acknowledges a revocation in a moment, and within a lease or so where an instance is cut off', async () => {
    const calm = await simulate(randomOf(1), { slowness: 0 });
    expect(calm.acknowledged).toBeGreaterThan(0);
    expect(calm.longestWait).toBeLessThan(100);
    const cut = await simulate(randomOf(1), { slowness: 0, troubles: [['cut off', 2400, 0]] });
    // Another instance may have watched it for longer than the writer.
    expect(cut.longestWait).toBeGreaterThan(1000);
    expect(cut.longestWait).toBeLessThan(LEASE_TERMS.lease + 200);
  });

  /** What is taken away, and a world in which it matters. */
  const MUTATIONS: Readonly<Record<string, readonly [Mutation, (random: Random) => Scenario]>> = {
    'an instance ends its own lease no earlier than others do': [
      { terms: { ...LEASE_TERMS, margin: 0 } },
      (random) => {
        const at = 2015 + 30 * random();
        const revokedBetween = [at - 3, at + 10] as const;
        return { revokedBetween, troubles: [['cut off', at, 0]], rates: [0.99, 1.01, 1.01], latency: 0.1, slowness: 0 };
      },
    ],
    'a version is confirmed before rows are dropped': [{ confirmsBeforeDrop: true }, () => ({})],
    'a read that was under way fills the memory after a notification': [
      { fillsAfterNotification: true },
      () => ({ revokedBetween: [2000, 2100], slowness: 0.5 }),
    ],
    'nobody waits': [{ skipsWait: true }, () => ({})],
    'the version is drawn before the commit': [
      { drawsBeforeCommit: true },
      () => ({ revokedBetween: [2500, 2520], slowness: 0.15 }),
    ],
    'a promoted database is trusted at once': [
      { trustsPromotedDatabase: true },
      () => ({
        revokedBetween: [2600, 3500],
        troubles: [
          ['cut off', 2500, 0],
          ['restart', 2510, 0],
        ],
      }),
    ],
    'the wall clock is ignored while the monotonic clock stands still': [
      { ignoresWallClock: true },
      () => ({ troubles: [['suspend', 2400, 0]] }),
    ],
  };

  it.each(Object.entries(MUTATIONS))('is seen to fail where %s', async (_what, [mutation, scenarioOf]) => {
    for (let seed = 0; seed < HUNTS; seed += 1) {
      const random = randomOf(seed);
      const { violations } = await simulate(random, scenarioOf(random), mutation);
      if (violations.length > 0) return;
    }
    throw new Error(`It was not seen in ${HUNTS} runs.`);
  });
});
