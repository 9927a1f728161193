import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { times, until } from '../../testing/patience.js';
import { aPatientVerifierOf, outcomeOf, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, good, silence, VerifyService } from '../../testing/verify-service.js';
import type { RemoteApiKeyVerifier } from './remote-api-key-verifier.js';

const TOKEN = aToken();
const service = new VerifyService();

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(() => {
  service.verifiedTokens.length = 0;
  service.behaviour = answering(200, good());
});

describe('a flood of tokens', () => {
  it('sends 64 calls at once, and all of them if the service keeps up', async () => {
    const { verifier, log } = aPatientVerifierOf(service);
    const held: (() => void)[] = [];
    service.behaviour = (...asked) => void held.push(() => answering(200, good())(...asked));
    const outcomes = times(100, (index) => outcomeOf(verifier, aToken(index)));
    await until(() => held.length >= 64);
    await sleep(50);
    expect(held).toHaveLength(64);
    service.behaviour = answering(200, good());
    for (const answer of held) answer();
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['accepted']));
    expect([service.verifiedTokens.length, log.lines]).toEqual([100, []]);
  });

  it('does not pile up: with 4,096 waiting a request gets 503 at once', async () => {
    const { verifier, log } = aPatientVerifierOf(service);
    service.behaviour = silence;
    const refused = Promise.race(times(64 + 4096 + 1, (index) => outcomeOf(verifier, aToken(index))));
    expect(await refused).toBe(UNAVAILABLE);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: Too many keys wait for the identity service\./)]);
  });

  describe('that finds all connections busy', () => {
    // No request waits for a connection longer than 2 s.
    const timeLimits = { attemptTimeoutSeconds: 5, deadlineSeconds: 7, staleIfErrorSeconds: 3600 };
    const occupy = async (verifier: RemoteApiKeyVerifier, connections: number) => {
      service.behaviour = silence;
      for (const index of Array(connections).keys()) void outcomeOf(verifier, aToken(`busy${index}`));
      await until(() => service.verifiedTokens.filter((token) => token.includes('busy')).length >= connections);
    };

    it('waits no longer than the deadline allows, and is not taken for an outage', async () => {
      const { verifier, log } = aPatientVerifierOf(service, timeLimits);
      await occupy(verifier, 63);
      service.behaviour = (...asked) => void setTimeout(() => answering(200, good())(...asked), 200);
      const outcomes = await Promise.all(times(20, (index) => outcomeOf(verifier, aToken(100 + index))));
      expect([outcomes[0], outcomes.at(-1)]).toEqual(['accepted', UNAVAILABLE]);
      expect(log.lines[0]).toMatch(/^warn: Too many keys wait for the identity service\./);
      expect(log.lines.join()).not.toMatch(/no answer/);
    });

    it('is not sent any more once another call was given up', async () => {
      const { verifier } = aPatientVerifierOf(service, { attemptTimeoutSeconds: 0.3, deadlineSeconds: 10 });
      await occupy(verifier, 64);
      const waiting = times(10, (index) => outcomeOf(verifier, aToken(`idle${index}`)));
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([UNAVAILABLE]));
      // The connection that became free may have begun one.
      expect(service.verifiedTokens.filter((token) => token.includes('idle')).length).toBeLessThan(2);
    });

    it('recognizes an outage by the silence, and then no request waits', async () => {
      const { verifier, log, clock } = aPatientVerifierOf(service, timeLimits);
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      clock.advance(5000);
      await occupy(verifier, 64);
      expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
      expect(log.lines).toEqual([expect.stringMatching(/^warn: The identity service gave no answer in time\./)]);
      const begin = performance.now();
      expect(await outcomeOf(verifier, aToken('another'))).toBe(UNAVAILABLE);
      // A wait for the service would take 2 s and more.
      expect(performance.now() - begin).toBeLessThan(1000);
    });
  });
});
