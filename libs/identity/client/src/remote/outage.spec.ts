import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aPatientVerifierOf, aVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
import { answering, aToken, good, REFUSED, reset, silence, VerifyService } from '../../testing/verify-service.js';

const TOKEN = aToken();
const DEADLINE_MS = 2000;
/** Less than any wait for the service; a busy machine needs some. */
const AT_ONCE_MS = 300;
/** Shorter than the defaults, for tests in which the waiting time does not matter. */
const HASTY = { attemptTimeoutSeconds: 0.7, deadlineSeconds: 1.4 };
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
afterAll(async () => {
  // Verifiers poll a service that is down, and so would they during the tests of other files.
  await Promise.all(services.map(comeBack));
  await sleep(500);
  await Promise.all(services.map((service) => service.stop()));
});

const OUTAGES: [string, (service: VerifyService) => void | Promise<void>][] = [
  ['accepts requests and never answers', (service) => void (service.behaviour = silence)],
  [
    'begins an answer and never ends it',
    (service) => void (service.behaviour = (response) => void response.write('{')),
  ],
  ['is gone', (service) => service.stop()],
  ['resets connections', (service) => void (service.behaviour = reset)],
  ['answers 502', (service) => void (service.behaviour = answering(502, '<html>'))],
  ['answers 503', (service) => void (service.behaviour = answering(503, {}))],
  ['answers 504', (service) => void (service.behaviour = answering(504, {}))],
];

async function comeBack(service: VerifyService): Promise<void> {
  service.behaviour = answering(200, good());
  await service.start();
}

async function timed<T>(doing: Promise<T>): Promise<[T, number]> {
  const begin = performance.now();
  return [await doing, performance.now() - begin];
}

describe.each(OUTAGES)('while the service %s', (_what, happen) => {
  it.concurrent('requests get 503 within the deadline, the next ones at once, and pass again within 1 s of its return', async () => {
    const service = await aService();
    const { verifier, clock, log } = aVerifierOf(service);
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    clock.advance(5000);
    await happen(service);
    const [first, firstMs] = await timed(outcomeOf(verifier, TOKEN));
    expect(first).toBe(UNAVAILABLE);
    expect(firstMs).toBeLessThan(DEADLINE_MS + 100);
    for (const token of [TOKEN, aToken('another')]) {
      const [next, nextMs] = await timed(outcomeOf(verifier, token));
      expect(next).toBe(UNAVAILABLE);
      expect(nextMs).toBeLessThan(AT_ONCE_MS);
    }
    expect(log.lines).toEqual([expect.stringMatching(/^warn: The identity service .* 503 until it answers\.$/)]);
    await comeBack(service);
    const [, openMs] = await timed(
      (async () => {
        while ((await outcomeOf(verifier, TOKEN)) !== 'accepted') await sleep(10);
      })(),
    );
    expect(openMs).toBeLessThan(1000);
    expect(log.lines.slice(1)).toEqual(['log: The identity service answers again.']);
  });

  it.concurrent('an answer is used for staleIfErrorSeconds, and no longer', async () => {
    const service = await aService();
    const { verifier, clock } = aVerifierOf(service, { ...HASTY, staleIfErrorSeconds: 60 });
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    clock.advance(59_000);
    await happen(service);
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    const [outcome, ms] = await timed(outcomeOf(verifier, TOKEN));
    expect(outcome).toBe('accepted');
    expect(ms).toBeLessThan(AT_ONCE_MS);
    clock.advance(1000);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
  });

  it.concurrent('a key that was seen refused stays refused, however old an answer may be', async () => {
    const service = await aService();
    const { verifier, clock } = aVerifierOf(service, { ...HASTY, staleIfErrorSeconds: 3600 });
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    service.behaviour = answering(200, REFUSED);
    clock.advance(5000);
    expect(await outcomeOf(verifier, TOKEN)).toBe(REFUSAL);
    await happen(service);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
  });
});

describe('a call', () => {
  let service: VerifyService;

  beforeEach(async () => {
    service = await aService();
  });

  it.each([
    [502, 3],
    [503, 3],
    [504, 3],
    [500, 1],
    [429, 1],
    [401, 1],
    [404, 1],
  ])('that is answered %i is sent %i times', async (status, times) => {
    service.behaviour = answering(status, {});
    await outcomeOf(aPatientVerifierOf(service).verifier, TOKEN);
    expect(service.verifiedTokens).toHaveLength(times);
  });

  it('is answered by a service that fails for a moment', async () => {
    let left = 2;
    service.behaviour = (...asked) => (left-- > 0 ? reset : answering(200, good()))(...asked);
    const { verifier, log } = aVerifierOf(service);
    expect(await outcomeOf(verifier, TOKEN)).toBe('accepted');
    expect(log.lines).toEqual([]);
  });

  it('also answers requests within 1 s that came before the outage was noticed', async () => {
    const { verifier } = aVerifierOf(service);
    service.behaviour = silence;
    void outcomeOf(verifier, TOKEN);
    await sleep(50);
    service.behaviour = answering(200, good());
    const [outcome, ms] = await timed(outcomeOf(verifier, TOKEN));
    expect(outcome).toBe('accepted');
    expect(ms).toBeLessThan(1000);
  });
});

it('a service that was gone answers all requests that come a second after its return', async () => {
  const service = await aService();
  const { verifier } = aPatientVerifierOf(service);
  await service.stop();
  expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
  await comeBack(service);
  await sleep(1000);
  const tokens = Array.from({ length: 100 }, (_, index) => aToken(index));
  const outcomes = await Promise.all(tokens.map((token) => outcomeOf(verifier, token)));
  expect(new Set(outcomes)).toEqual(new Set(['accepted']));
});
