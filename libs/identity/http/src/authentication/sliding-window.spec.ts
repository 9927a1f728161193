import { describe, expect, it } from '@jest/globals';
import { SeededRandomSource } from '@feather-identity/core/testing';
import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SlidingWindow, WINDOW_MS } from './sliding-window.js';
import { SlidingWindows } from './sliding-windows.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const bursts = fc.array(
  fc.record({
    gap: fc.oneof(fc.nat(50), fc.nat(40_000), fc.constantFrom(0, 30_000, 59_999, 60_000, 60_001)),
    requests: fc.integer({ min: 1, max: 80 }),
    isAsked: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);
/** Below and above the first capacity, at and between its doubles. */
const limits = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 60, max: 300 }), fc.constantFrom(64, 128));

function recentOf(admitted: readonly number[], now: number): readonly number[] {
  return admitted.filter((instant) => instant > now - 60_000);
}

/** What the window must answer, by looking at everything that was ever admitted. */
function msUntilFree(limit: number, admitted: readonly number[], now: number): number {
  const recent = recentOf(admitted, now);
  return recent.length < limit ? 0 : recent[recent.length - limit]! + 60_000 - now;
}

describe('a sliding window', () => {
  const seeds = [0, 1, 2].map((nth) => fuzz.seed + nth);

  it.each(seeds)('decides as whoever remembers everything does, and says the same wait (seed %i)', (seed) => {
    const decidesAlike = fc.property(limits, bursts, (limit, arrivals) => {
      const window = new SlidingWindow(limit);
      const admitted: number[] = [];
      let now = 0;
      for (const { gap, requests, isAsked } of arrivals) {
        now += gap;
        for (let request = 0; request < requests; request += 1) {
          const expected = msUntilFree(limit, admitted, now);
          if (window.admit(now) !== expected) return false;
          if (expected === 0) admitted.push(now);
        }
        if (!isAsked) continue;
        const recent = recentOf(admitted, now);
        const { remaining: left, msUntilMore } = window.remaining(now);
        if (left !== limit - recent.length || msUntilMore !== recent[0]! + 60_000 - now) return false;
      }
      return admitted.every((instant, nth) => nth < limit || instant - admitted[nth - limit]! >= 60_000);
    });
    fc.assert(decidesAlike, { numRuns: 200 * fuzz.factor, seed });
  });

  it('admits nothing for a limit of none', () => {
    const window = new SlidingWindow(0);
    expect([window.admit(0), window.admit(1_000_000)]).toEqual([60_000, 60_000]);
  });

  it('admits the next one when the wait is over and not a millisecond before', () => {
    const window = new SlidingWindow(2);
    expect([window.admit(0), window.admit(700)]).toEqual([0, 0]);
    expect(window.admit(1_000)).toBe(59_000);
    expect(window.admit(59_999)).toBe(1);
    expect(window.admit(60_000)).toBe(0);
    expect(window.admit(60_000)).toBe(700);
  });

  it.each([5_999, 6_000])(
    'refuses no client that makes %i of 6,000 requests a minute at an even pace (RL1)',
    (pace) => {
      const window = new SlidingWindow(6_000);
      let refused = 0;
      for (let request = 0; request < 10 * pace; request += 1) {
        if (window.admit(Math.floor((request * 60_000) / pace)) > 0) refused += 1;
      }
      expect(refused).toBe(0);
    },
  );

  it.each([5_999, 6_000])(
    'refuses no client that makes %i of 6,000 requests a minute in random bursts (RL1)',
    (pace) => {
      const window = new SlidingWindow(6_000);
      const sent: number[] = [];
      let now = 0;
      let refused = 0;
      for (const byte of new SeededRandomSource(`bursts ${fuzz.seed}`).bytes(150_000)) {
        now += byte < 254 ? byte % 4 : 500;
        if (sent.length >= pace && now - sent[sent.length - pace]! < 60_000) continue;
        sent.push(now);
        if (window.admit(now) > 0) refused += 1;
      }
      expect(now).toBeGreaterThan(600_000);
      expect(sent.length).toBeGreaterThan(9 * pace);
      expect(refused).toBe(0);
    },
  );
});

// Not among the cases of hosts, whose memory takes long to look through.
it('windows take little memory for one who came once, and none when it was quiet', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const bytesEach = (): number => process.memoryUsage().arrayBuffers / 10_000;
  // A collection frees buffers beside it, which the next one waits for.
  const bytesEachKept = (): number => {
    collect();
    collect();
    return bytesEach();
  };
  const windows = new SlidingWindows(WINDOW_MS);
  let time = 0;
  const spend = (id: string) => windows.windowOf(id, 6000, WINDOW_MS).admit(windows.now(new Date(time)));
  const before = bytesEachKept();
  for (let index = 0; index < 10_000; index += 1) spend(`organization ${index}`);
  const used = bytesEach() - before;
  expect(used).toBeGreaterThan(400);
  expect(used).toBeLessThan(600);
  for (let minute = 0; minute < 2; minute += 1) {
    time += WINDOW_MS;
    spend('A');
  }
  expect(bytesEachKept() - before).toBeLessThan(10);
});
