import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, type ExpectedAnswer, retryable, UNAUTHENTICATED } from './answers.js';
import { ask, type Exchange, forged, type GuardedHost, make } from './guarded-host.js';

const OPEN_AGAIN_MS = 1000;

/** Who cannot be asked: the database of the application, or the service. */
const WHO = ['The service cannot reach its storage.', 'API keys cannot be verified right now.'];

/** Fails unless a request was refused because nobody knows, in the words of the contract. */
function assertUnavailable(answered: Exchange): void {
  const expected = WHO.map((who) => retryable(503, 'service_unavailable', `${who} Try again shortly.`, 1));
  const { text } = answered;
  assertAnswer(answered, expected.find(({ body }) => JSON.stringify(body) === text) ?? expected[0]!);
}

/** Fails unless requests that could not be judged pass within a second, and at once from then on. */
async function assertOpensAgain(host: GuardedHost, keys: readonly string[]): Promise<void> {
  const begin = performance.now();
  while ((await ask(host, '/orders', keys[0]!)).status === 503) {
    assert.ok(performance.now() - begin < OPEN_AGAIN_MS, 'It stayed closed.');
    await sleep(10);
  }
  for (const key of keys) assert.equal((await ask(host, '/orders', key)).status, 200);
}

/** What happens while nobody knows whether a key is good. */
const unavailable: ContractCase<GuardedHost> = {
  promise: 'while nobody can tell whether a key is good it is 503, and within a second after that it is open again',
  async run(host) {
    const { plain_text_key: used } = await make(host, ['orders:read']);
    const { plain_text_key: fresh } = await make(host, ['orders:read']);
    assert.equal((await ask(host, '/orders', used)).status, 200);
    const end = await host.interrupt();
    try {
      await host.pass(host.stalenessMs);
      for (const key of [used, fresh, forged(used)]) assertUnavailable(await ask(host, '/orders', key));
      for (const keys of [[], ['junk']]) assertAnswer(await ask(host, '/orders', ...keys), UNAUTHENTICATED);
      assert.equal((await ask(host, '/orders/public', used)).status, 200);
    } finally {
      await end();
    }
    await assertOpensAgain(host, [used, fresh]);
  },
};

/** A service refuses the application's own key then, so that there is no verdict: 503 instead of 401. */
function assertClosed(answered: Exchange): void {
  const expected: ExpectedAnswer = UNAUTHENTICATED;
  if (answered.status === expected.status) assertAnswer(answered, expected);
  else assertUnavailable(answered);
}

const organizationEnds: ContractCase<GuardedHost> = {
  promise: 'an organization that is disabled, or deleted, is closed within the staleness, however its keys were used',
  async run(host) {
    const { plain_text_key: key } = await make(host, ['orders:read']);
    const keys = [key, host.ownerKey];
    for (const each of keys) assert.equal((await ask(host, '/orders', each)).status, 200);
    await host.setOrganization('disabled');
    await host.pass(host.stalenessMs);
    for (const each of keys) assertClosed(await ask(host, '/orders', each));
    await host.setOrganization('enabled');
    await assertOpensAgain(host, keys);
    await host.setOrganization('deleted');
    await host.pass(host.stalenessMs);
    for (const each of keys) assertClosed(await ask(host, '/orders', each));
    assert.equal((await ask(host, '/orders/public', key)).status, 200);
  },
};

/** Behaviour in outages. The last case leaves the host without its organization. */
export const outageContract: readonly ContractCase<GuardedHost>[] = [unavailable, organizationEnds];
