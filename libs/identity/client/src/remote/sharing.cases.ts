import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { times, until } from '../../testing/patience.js';
import { aPatientVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, type Behaviour, good, REFUSED, VerifyService } from '../../testing/verify-service.js';

const TOKEN = aToken();
const service = new VerifyService();

describe('calls that requests share', () => {
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  beforeEach(() => {
    service.verifiedTokens.length = 0;
    service.behaviour = answering(200, good());
  });

  /** Holds answers back until the test gives them. */
  function held() {
    const answers: ((behaviour: Behaviour) => void)[] = [];
    service.behaviour = (response, token) => void answers.push((behaviour) => behaviour(response, token));
    return answers;
  }

  describe('requests with one token that come together', () => {
    it('share one call and its verdict, good or bad', async () => {
      const { verifier } = aPatientVerifierOf(service);
      expect(new Set(await Promise.all(times(100, () => outcomeOf(verifier, TOKEN))))).toEqual(new Set(['accepted']));
      service.behaviour = answering(200, REFUSED);
      const refused = await Promise.all(times(100, () => outcomeOf(verifier, aToken('another'))));
      expect([new Set(refused), service.verifiedTokens.length]).toEqual([new Set([REFUSAL]), 2]);
    });

    it('share one failure', async () => {
      const { verifier } = aPatientVerifierOf(service);
      service.behaviour = answering(500, {});
      const outcomes = await Promise.all(times(100, () => outcomeOf(verifier, TOKEN)));
      expect([new Set(outcomes), service.verifiedTokens.length]).toEqual([new Set([UNAVAILABLE]), 1]);
    });

    it('share a call for as long as its answer is fresh', async () => {
      const { verifier, clock } = aPatientVerifierOf(service, { maxStalenessSeconds: 5 });
      const answers = held();
      const first = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 1);
      clock.advance(4900);
      const second = outcomeOf(verifier, TOKEN);
      clock.advance(100);
      const third = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 2);
      answers[0]!(answering(200, good()));
      answers[1]!(answering(200, REFUSED));
      expect(await Promise.all([first, second, third])).toEqual(['accepted', 'accepted', REFUSAL]);
    });
  });

  describe('with a staleness of 0', () => {
    it('each request makes a call, and none shares a call that was sent before the request came', async () => {
      const { verifier } = aPatientVerifierOf(service, { maxStalenessSeconds: 0 });
      const answers = held();
      const before = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 1);
      // The key is revoked here.
      const after = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 2);
      answers[0]!(answering(200, good()));
      answers[1]!(answering(200, REFUSED));
      expect(await Promise.all([before, after])).toEqual(['accepted', REFUSAL]);
      service.behaviour = answering(200, good());
      await outcomeOf(verifier, TOKEN);
      await outcomeOf(verifier, TOKEN);
      expect(service.verifiedTokens.length).toBe(4);
    });

    it('an earlier call that is answered later brings no refused key back', async () => {
      const { verifier } = aPatientVerifierOf(service, { maxStalenessSeconds: 0, staleIfErrorSeconds: 3600 });
      const answers = held();
      const before = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 1);
      const after = outcomeOf(verifier, TOKEN);
      await until(() => answers.length === 2);
      answers[1]!(answering(200, REFUSED));
      expect(await after).toBe(REFUSAL);
      answers[0]!(answering(200, good()));
      expect(await before).toBe('accepted');
      service.behaviour = answering(503, {});
      expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
    });

    it('requests share a call that still waits to be sent', async () => {
      const { verifier } = aPatientVerifierOf(service, { maxStalenessSeconds: 0 });
      const answers = held();
      const others = times(64, (index) => outcomeOf(verifier, aToken(index)));
      const waiting = times(10, () => outcomeOf(verifier, TOKEN));
      await until(() => answers.length >= 64);
      service.behaviour = answering(200, good());
      for (const answer of answers) answer(service.behaviour);
      expect(new Set(await Promise.all([...others, ...waiting]))).toEqual(new Set(['accepted']));
      expect(service.verifiedTokens.filter((token) => token === TOKEN)).toHaveLength(1);
    });
  });
});
