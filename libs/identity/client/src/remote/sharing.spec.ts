import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aPatientVerifierOf, outcomeOf, REFUSAL, UNAVAILABLE } from '../../testing/verifier.js';
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
const service = new VerifyService();

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(() => {
  service.questions.length = 0;
  service.mostAtOnce = 0;
  service.behaviour = answering(200, good());
});

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const until = async (condition: () => boolean) => {
  for (let i = 0; i < 3000 && !condition(); i += 1) await sleep(1);
};

/** Holds answers back until the test gives them. */
function held() {
  const answers: ((behaviour: Behaviour) => void)[] = [];
  service.behaviour = (response, token) => void answers.push((behaviour) => behaviour(response, token));
  return answers;
}

describe('requests with one token that come together', () => {
  it('share one question, and its answer good or bad', async () => {
    const { verifier } = aPatientVerifierOf(service);
    expect(new Set(await Promise.all(times(100, () => outcomeOf(verifier, TOKEN))))).toEqual(new Set(['accepted']));
    service.behaviour = answering(200, REFUSED);
    const refused = await Promise.all(times(100, () => outcomeOf(verifier, aToken('another'))));
    expect([new Set(refused), service.questions.length]).toEqual([new Set([REFUSAL]), 2]);
  });

  it('share one failure', async () => {
    const { verifier } = aPatientVerifierOf(service);
    service.behaviour = answering(500, {});
    const outcomes = await Promise.all(times(100, () => outcomeOf(verifier, TOKEN)));
    expect([new Set(outcomes), service.questions.length]).toEqual([new Set([UNAVAILABLE]), 1]);
  });

  it('share a question for as long as its answer may be used', async () => {
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
  it('each request asks, and none shares a question that was sent before it came', async () => {
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
    expect(service.questions.length).toBe(4);
  });

  it('an earlier question that is answered later brings no refused key back', async () => {
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

  it('requests share a question that still waits to be sent', async () => {
    const { verifier } = aPatientVerifierOf(service, { maxStalenessSeconds: 0 });
    const answers = held();
    const others = times(64, (index) => outcomeOf(verifier, aToken(index)));
    const waiting = times(10, () => outcomeOf(verifier, TOKEN));
    await until(() => answers.length === 64);
    service.behaviour = answering(200, good());
    for (const answer of answers) answer(service.behaviour);
    expect(new Set(await Promise.all([...others, ...waiting]))).toEqual(new Set(['accepted']));
    expect(service.questions.filter((token) => token === TOKEN)).toHaveLength(1);
  });
});

describe('a flood of tokens', () => {
  it('asks 64 questions at once, and all of them where the service keeps up', async () => {
    const { verifier, log } = aPatientVerifierOf(service);
    service.behaviour = (...asked) => void setTimeout(() => answering(200, good())(...asked), 5);
    const outcomes = await Promise.all(times(1000, (index) => outcomeOf(verifier, aToken(index))));
    expect([new Set(outcomes), service.questions.length, log.lines]).toEqual([new Set(['accepted']), 1000, []]);
    expect(service.mostAtOnce).toBe(64);
  });

  it('does not pile up: beyond 4,096 that wait a request is refused at once', async () => {
    const { verifier, log } = aPatientVerifierOf(service);
    service.behaviour = silence;
    const refused = Promise.race(times(64 + 4096 + 1, (index) => outcomeOf(verifier, aToken(index))));
    expect(await refused).toBe(UNAVAILABLE);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: Too many keys wait for the identity service\./)]);
  });

  it('waits no longer than the deadline, and is not taken for a service that is down', async () => {
    const { verifier, log } = aPatientVerifierOf(service, { attemptTimeoutSeconds: 5, deadlineSeconds: 5.2 });
    service.behaviour = silence;
    for (const index of Array(64).keys()) void outcomeOf(verifier, aToken(index));
    await until(() => service.questions.length === 64);
    expect(await outcomeOf(verifier, TOKEN)).toBe(UNAVAILABLE);
    expect(log.lines).toEqual([expect.stringMatching(/^warn: Too many keys wait for the identity service\./)]);
    service.behaviour = answering(200, good());
  });
});
