import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LRUCache } from 'lru-cache';
import { FixedClock } from '@feather-identity/core/testing';
import { aPatientVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, good, REFUSED, VerifyService } from '../../testing/verify-service.js';
import { CallerCache } from './caller-cache.js';
import { Stopwatch } from './stopwatch.js';
import { readVerdict } from './verdict.js';

const TOKEN = aToken();
const service = new VerifyService();

describe('how old an answer may be', () => {
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  beforeEach(() => {
    service.verifiedTokens.length = 0;
    service.behaviour = answering(200, good());
  });

  describe('an answer', () => {
    it('is used for 5 seconds without any setting', async () => {
      const { verifier, clock } = aPatientVerifierOf(service);
      await outcomeOf(verifier, TOKEN);
      service.behaviour = answering(200, REFUSED);
      clock.advance(4000);
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      expect(service.verifiedTokens).toHaveLength(1);
      clock.advance(1000);
      expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
    });

    it('ages from the moment of the call: later changes do not show in it', async () => {
      const { verifier, clock } = aPatientVerifierOf(service);
      service.behaviour = (...asked) => {
        clock.advance(4999);
        answering(200, good())(...asked);
      };
      await outcomeOf(verifier, TOKEN);
      clock.advance(1);
      expect(verifier.verifyCached(TOKEN)).toBeUndefined();
    });

    it('ages while the wall clock is set back', async () => {
      const { verifier, clock } = aPatientVerifierOf(service, { maxStalenessSeconds: 0.1 });
      await outcomeOf(verifier, TOKEN);
      clock.advance(-3_600_000);
      await sleep(120);
      expect(verifier.verifyCached(TOKEN)).toBeUndefined();
    });

    it('is given up at the end of the key, or of its secret, by the clock here', async () => {
      const { verifier, clock } = aPatientVerifierOf(service, { maxStalenessSeconds: 60, staleIfErrorSeconds: 3600 });
      const end = new Date(clock.now().getTime() + 1000).toISOString();
      service.behaviour = answering(200, good({ valid_until: end }));
      await outcomeOf(verifier, TOKEN);
      clock.advance(999);
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      service.behaviour = answering(503, {});
      clock.advance(1);
      expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
    });

    it('of the service is believed where its clock says that the key has not ended', async () => {
      const { verifier, clock } = aPatientVerifierOf(service);
      service.behaviour = answering(200, good({ valid_until: clock.now().toISOString() }));
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      expect(service.verifiedTokens).toHaveLength(2);
    });
  });

  it('answers are kept for the 10,000 tokens that were used last', () => {
    const clock = new FixedClock();
    const stopwatch = new Stopwatch(clock);
    const cache = new CallerCache({ maxStalenessSeconds: 60, staleIfErrorSeconds: 0 }, clock, stopwatch);
    const caller = readVerdict(JSON.stringify(good()));
    if (caller === 'refused') throw new Error('This is a good key.');
    for (let i = 0; i < 10_000; i += 1) cache.set(String(i), caller, stopwatch.start());
    expect(cache.getFresh('0')).toBe(caller);
    cache.set('one more', caller, stopwatch.start());
    expect(['0', '1', '2', 'one more'].map((digest) => cache.getFresh(digest))).toEqual([
      caller,
      undefined,
      caller,
      caller,
    ]);
  });

  it('an answer is kept by the digest of its token', async () => {
    const kept = jest.spyOn(LRUCache.prototype, 'set');
    await outcomeOf(aPatientVerifierOf(service).verifier, TOKEN);
    const calls: unknown[][] = kept.mock.calls;
    expect(calls.map(([key]) => key)).toEqual([createHash('sha256').update(TOKEN).digest('base64')]);
    expect(inspect(calls, { depth: Infinity })).not.toContain(TOKEN);
  });
});
