import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { times } from '../../testing/patience.js';
import { aPatientVerifierOf, aVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import {
  answering,
  aToken,
  type Behaviour,
  good,
  REFUSED,
  silence,
  VerifyService,
} from '../../testing/verify-service.js';

const TOKEN = aToken();
const OTHER = aToken('other');
/** Anyone who knows how an imported key begins can send such ones: each costs the service a slow hash. */
const SLOW = times(3, (index) => aToken(`slow${index}`));
const BUSY = answering(429, { error: 'rate_limited', message: 'The service has too many keys to check.' });
const service = new VerifyService();

beforeAll(async () => {
  await service.start();
  // The first call of a process loads modules, which takes a busy machine longer than these time limits.
  expect(await outcomeOf(aPatientVerifierOf(service).verifier, TOKEN)).toBe('accepted');
});
afterAll(() => service.stop());
beforeEach(() => void (service.behaviour = answering(200, good())));

/** Never answers for slow keys; answers others, and probes, as given. */
function serveSlowly(others: Behaviour, probe: Behaviour): void {
  service.behaviour = (response, token) => {
    if (token === '') probe(response, token);
    else if (!token.includes('slow')) others(response, token);
  };
}

/** Answers probes slowly and counts them: requests meanwhile have to share one. */
function watchProbes(): { count: number } {
  const probes = { count: 0 };
  serveSlowly(answering(200, REFUSED), (...asked) => {
    probes.count += 1;
    setTimeout(() => answering(200, {})(...asked), 200);
  });
  return probes;
}

/** A verifier that has accepted `TOKEN`, longer ago than an answer is used by itself. */
async function aVerifierThatKnowsAToken() {
  const options = { attemptTimeoutSeconds: 1, deadlineSeconds: 1.8, staleIfErrorSeconds: 3600 };
  const { verifier, clock, log } = aVerifierOf(service, options);
  expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
  clock.advance(5000);
  const sendSlowKeys = async () => new Set(await Promise.all(SLOW.map((token) => outcomeOf(verifier, token))));
  return { verifier, log, sendSlowKeys };
}

describe('keys that take the service too long get 503, and are not an outage that would keep a revoked key alive', () => {
  it('even without other requests: a probe finds that the service answers', async () => {
    const { verifier, log, sendSlowKeys } = await aVerifierThatKnowsAToken();
    serveSlowly(answering(200, REFUSED), answering(200, {}));
    expect(await sendSlowKeys()).toEqual(new Set([UNAVAILABLE]));
    expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: The identity service answers, but took too long/)]);
  });

  it('even if they hold all connections, and a call that waits for one is never sent', async () => {
    const options = { attemptTimeoutSeconds: 2, deadlineSeconds: 5, staleIfErrorSeconds: 3600 };
    const { verifier, clock } = aVerifierOf(service, options);
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    clock.advance(5000);
    const probes = watchProbes();
    const slow = times(64, (index) => outcomeOf(verifier, aToken(`slow${index}`)));
    // Their probe is over then, and none of them ends before the wait does.
    await sleep(1400);
    expect(await outcomeOf(verifier, TOKEN)).not.toBe('accepted');
    expect(new Set(await Promise.all(slow))).toEqual(new Set([UNAVAILABLE]));
    expect(probes.count).toBeLessThan(10);
  });

  it('even if the deadline leaves no time to wait; and an ordinary call causes no probe', async () => {
    const options = { attemptTimeoutSeconds: 2, deadlineSeconds: 2, staleIfErrorSeconds: 3600 };
    const { verifier, clock } = aVerifierOf(service, options);
    const probes = watchProbes();
    expect(await outcomeOf(verifier, OTHER)).toBe(REFUSAL);
    expect(probes.count).toBe(0);
    service.behaviour = answering(200, good());
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    clock.advance(5000);
    service.behaviour = silence;
    const slow = times(64, (index) => outcomeOf(verifier, aToken(`slow${index}`)));
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
    await Promise.all(slow);
  });

  it.each([
    ['have their verdict', answering(200, REFUSED), REFUSAL],
    ['are too many for the service', BUSY, UNAVAILABLE],
  ])('while other keys %s', async (_what, answer, outcome) => {
    const { verifier, sendSlowKeys } = await aVerifierThatKnowsAToken();
    serveSlowly(answer, silence);
    const slow = sendSlowKeys();
    expect(await outcomeOf(verifier, OTHER)).toBe(outcome);
    expect(await slow).toEqual(new Set([UNAVAILABLE]));
    expect(await outcomeOf(verifier, TOKEN)).toBe(outcome);
  });

  it('and are tried again, because a check that has begun continues', async () => {
    const { verifier } = await aVerifierThatKnowsAToken();
    serveSlowly(answering(200, REFUSED), (response, token) => {
      answering(200, {})(response, token);
      service.behaviour = answering(200, good());
    });
    expect(await outcomeOf(verifier, aToken('slow'))).toBe('accepted');
  });
});
