import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
const services: VerifyService[] = [];

/** A service of one test: they wait most of their time, and so do it together. */
async function aService(): Promise<VerifyService> {
  const service = new VerifyService();
  services.push(service);
  await service.start();
  return service;
}

beforeAll(async () => {
  // The first call of a process loads modules, which takes a busy machine longer than these time limits.
  expect(await outcomeOf(aPatientVerifierOf(await aService()).verifier, TOKEN)).toBe('accepted');
});
afterAll(() => Promise.all(services.map((service) => service.stop())));

/** Never answers for slow keys; answers others, and probes, as given. */
function serveSlowly(service: VerifyService, others: Behaviour, probe: Behaviour): void {
  service.behaviour = (response, token) => {
    if (token === '') probe(response, token);
    else if (!token.includes('slow')) others(response, token);
  };
}

/** Answers probes slowly and counts them: requests meanwhile have to share one. */
function watchProbes(service: VerifyService): { count: number } {
  const probes = { count: 0 };
  serveSlowly(service, answering(200, REFUSED), (...asked) => {
    probes.count += 1;
    setTimeout(() => answering(200, {})(...asked), 200);
  });
  return probes;
}

/** A verifier that has accepted `TOKEN`, longer ago than an answer is used by itself. */
async function aVerifierThatKnowsAToken() {
  const service = await aService();
  const options = { attemptTimeoutSeconds: 2.5, deadlineSeconds: 4.5, staleIfErrorSeconds: 3600 };
  const { verifier, clock, log } = aVerifierOf(service, options);
  expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
  clock.advance(5000);
  const sendSlowKeys = async () => new Set(await Promise.all(SLOW.map((token) => outcomeOf(verifier, token))));
  return { service, verifier, log, sendSlowKeys };
}

describe('keys that take the service too long get 503, and are not an outage that would keep a revoked key alive', () => {
  it.concurrent('even without other requests: a probe finds that the service answers', async () => {
    const { service, verifier, log, sendSlowKeys } = await aVerifierThatKnowsAToken();
    serveSlowly(service, answering(200, REFUSED), answering(200, {}));
    expect(await sendSlowKeys()).toEqual(new Set([UNAVAILABLE]));
    expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: The identity service answers, but took too long/)]);
  });

  it.concurrent('even if they hold all connections, and a call that waits for one is never sent', async () => {
    const options = { attemptTimeoutSeconds: 2, deadlineSeconds: 5, staleIfErrorSeconds: 3600 };
    const service = await aService();
    const { verifier, clock } = aVerifierOf(service, options);
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    clock.advance(5000);
    const probes = watchProbes(service);
    const slow = times(64, (index) => outcomeOf(verifier, aToken(`slow${index}`)));
    // Their probe is over then, and none of them ends before the wait does.
    await sleep(1400);
    expect(await outcomeOf(verifier, TOKEN)).not.toBe('accepted');
    expect(new Set(await Promise.all(slow))).toEqual(new Set([UNAVAILABLE]));
    expect(probes.count).toBeLessThan(10);
  });

  it.concurrent('even if the deadline leaves no time to wait; and an ordinary call causes no probe', async () => {
    const options = { attemptTimeoutSeconds: 4, deadlineSeconds: 4, staleIfErrorSeconds: 3600 };
    const service = await aService();
    const { verifier, clock } = aVerifierOf(service, options);
    const probes = watchProbes(service);
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

  it.concurrent.each([
    ['have their verdict', answering(200, REFUSED), REFUSAL],
    ['are too many for the service', BUSY, UNAVAILABLE],
  ])('while other keys %s', async (_what, answer, outcome) => {
    const { service, verifier, sendSlowKeys } = await aVerifierThatKnowsAToken();
    serveSlowly(service, answer, silence);
    const slow = sendSlowKeys();
    expect(await outcomeOf(verifier, OTHER)).toBe(outcome);
    expect(await slow).toEqual(new Set([UNAVAILABLE]));
    expect(await outcomeOf(verifier, TOKEN)).toBe(outcome);
  });

  it.concurrent('and are tried again, because a check that has begun continues', async () => {
    const { service, verifier } = await aVerifierThatKnowsAToken();
    serveSlowly(service, answering(200, REFUSED), (response, token) => {
      answering(200, {})(response, token);
      service.behaviour = answering(200, good());
    });
    expect(await outcomeOf(verifier, aToken('slow'))).toBe('accepted');
  });
});
