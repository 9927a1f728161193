import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, retryable, UNAUTHENTICATED } from './answers.js';
import { ask, change, type Exchange, exchange, forged, type GuardedHost, make } from './guarded-host.js';

const HERE = ['127.0.0.0/8', '::1'];
const ELSEWHERE = ['192.0.2.0/24', '2001:db8::/32'];
const HOUR = 3600;
const TOO_MANY = 'The API key has made too many requests. Try again later.';
const USED_UP = 'The API key has used up its quota. Try again in the next period.';

/** Makes a key of the scope that `/orders` needs. */
const limited = (host: GuardedHost, terms: object) => make(host, ['orders:read'], terms);

function headerOf({ headers }: Exchange, name: string): string | undefined {
  return new Map(headers).get(name);
}

/** Fails unless a request was one too many for its key, and the answer names the limit and when it ends. */
function assertLimited(answered: Exchange, policy: string, limit: string, message: string): void {
  const seconds = Number(headerOf(answered, 'retry-after'));
  const { headers, ...expected } = retryable(429, 'rate_limited', message, seconds);
  const limits = { ratelimit: `"${policy}";r=0;t=${seconds}`, 'ratelimit-policy': `"${policy}";${limit}` };
  assertAnswer(answered, { ...expected, headers: { ...headers, ...limits } });
}

/** Fails unless a good key was refused for where it came from. */
function assertRefusedHere(answered: Exchange): void {
  const message = 'This API key is not accepted from 127.0.0.1.';
  assertAnswer(answered, { status: 403, body: { error: 'address_not_allowed', message } });
}

/** The effect of the limits and networks of single keys, on a host without limits of its own. */
export const keyLimitContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a key with a rate limit has so many requests in any stretch, and 429 after that; other keys go on',
    async run(host) {
      const key = await limited(host, { rate_limit: { requests: 2, seconds: HOUR } });
      const other = await limited(host, { rate_limit: { requests: 2, seconds: HOUR } });
      for (const left of [1, 0]) {
        const answered = await ask(host, '/orders', key.plain_text_key);
        assert.equal(answered.status, 200);
        assert.match(headerOf(answered, 'ratelimit') ?? '', new RegExp(`^"key";r=${left};t=\\d+$`));
        assert.equal(headerOf(answered, 'ratelimit-policy'), undefined);
      }
      for (let time = 0; time < 3; time += 1) {
        assertLimited(await ask(host, '/orders', key.plain_text_key), 'key', 'q=2;w=3600', TOO_MANY);
      }
      assert.equal((await ask(host, '/orders', other.plain_text_key)).status, 200);
    },
  },
  {
    promise: 'a stretch ends by itself',
    async run(host) {
      const { plain_text_key: key } = await limited(host, { rate_limit: { requests: 1, seconds: 1 } });
      assert.equal((await ask(host, '/orders', key)).status, 200);
      await host.pass(1001);
      assert.equal((await ask(host, '/orders', key)).status, 200);
    },
  },
  {
    promise: 'several handlers of one request spend one, and so does one that a scope refuses',
    async run(host) {
      const { plain_text_key: key } = await limited(host, { quota: { requests: 3, period: 'month' } });
      assert.equal((await ask(host, '/orders/each?of=list,list,list', key)).status, 200);
      const denied = await ask(host, '/orders/change', key);
      assert.equal(denied.status, 403);
      assert.match(headerOf(denied, 'ratelimit') ?? '', /^"quota";r=1;t=\d+$/);
      assert.equal((await ask(host, '/orders', key)).status, 200);
      const seconds = Math.max(1, Number(headerOf(await ask(host, '/orders', key), 'retry-after')));
      assert.ok(seconds <= 31 * 86_400, `Retry-After: ${seconds}`);
    },
  },
  {
    promise: 'what one limit refuses spends nothing of another, and a limit that is changed goes on counting',
    async run(host) {
      const { id, plain_text_key: key } = await limited(host, {
        rate_limit: { requests: 2, seconds: HOUR },
        quota: { requests: 4, period: 'day' },
      });
      const statuses = async (requests: number) => {
        const answers: number[] = [];
        for (let made = 0; made < requests; made += 1) answers.push((await ask(host, '/orders', key)).status);
        return answers;
      };
      assert.deepEqual(await statuses(5), [200, 200, 429, 429, 429]);
      await change(host, id, { rate_limit: { requests: 3, seconds: HOUR } });
      await host.pass(host.stalenessMs);
      assert.deepEqual(await statuses(2), [200, 429]);
      await change(host, id, { rate_limit: null });
      await host.pass(host.stalenessMs);
      assert.deepEqual(await statuses(2), [200, 429]);
      assertLimited(await ask(host, '/orders', key), 'quota', 'q=4;w=86400', USED_UP);
      await change(host, id, { quota: null });
      await host.pass(host.stalenessMs);
      const free = await ask(host, '/orders', key);
      assertAnswer(free, { status: 200, body: ['order-1'] });
    },
  },
  {
    promise: 'requests that come together are counted exactly',
    async run(host) {
      const { plain_text_key: key } = await limited(host, {
        rate_limit: { requests: 20, seconds: HOUR },
        quota: { requests: 10, period: 'day' },
      });
      const answers = await Promise.all(Array.from({ length: 30 }, () => ask(host, '/orders', key)));
      const accepted = answers.filter(({ status }) => status === 200);
      assert.equal(accepted.length, 10);
      assert.equal(answers.filter(({ status }) => status === 429).length, 20);
    },
  },
  {
    promise: 'a key with networks is let in from there, and gets 403 from elsewhere, whatever a header says',
    async run(host) {
      const here = await limited(host, { allowed_networks: HERE });
      const elsewhere = await limited(host, { allowed_networks: ELSEWHERE });
      for (let time = 0; time < 2; time += 1) {
        assertAnswer(await ask(host, '/orders', here.plain_text_key), { status: 200, body: ['order-1'] });
        assertRefusedHere(await ask(host, '/orders', elsewhere.plain_text_key));
      }
      for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded']) {
        const headers = { 'x-api-key': elsewhere.plain_text_key, [name]: '192.0.2.7' };
        assertRefusedHere(await exchange(`${host.url}/orders`, 'GET', headers));
      }
      const whoami = { 'x-api-key': elsewhere.plain_text_key };
      assertRefusedHere(await exchange(`${host.identityUrl}/v1/identity/whoami`, 'GET', whoami));
      assert.equal((await ask(host, '/orders/public', elsewhere.plain_text_key)).status, 200);
    },
  },
  {
    promise: 'what is refused by its address spends nothing, and a change of networks shows within the staleness',
    async run(host) {
      const { id, plain_text_key: key } = await limited(host, {
        rate_limit: { requests: 2, seconds: HOUR },
        quota: { requests: 2, period: 'day' },
        allowed_networks: ELSEWHERE,
      });
      for (let time = 0; time < 3; time += 1) assertRefusedHere(await ask(host, '/orders', key));
      await change(host, id, { allowed_networks: HERE });
      await host.pass(host.stalenessMs);
      for (const left of [1, 0]) {
        const answered = await ask(host, '/orders', key);
        assert.equal(answered.status, 200);
        assert.match(headerOf(answered, 'ratelimit') ?? '', new RegExp(`^"key";r=${left};t=\\d+, "quota";r=${left};`));
      }
      await change(host, id, { allowed_networks: ELSEWHERE });
      await host.pass(host.stalenessMs);
      assertRefusedHere(await ask(host, '/orders', key));
    },
  },
  {
    promise: 'nobody without the secret learns that a key has networks, nor that a disabled one had them',
    async run(host) {
      const { id, plain_text_key: key } = await limited(host, { allowed_networks: ELSEWHERE });
      assertAnswer(await ask(host, '/orders', forged(key)), UNAUTHENTICATED);
      await change(host, id, { is_active: false });
      await host.pass(host.stalenessMs);
      assertAnswer(await ask(host, '/orders', key), UNAUTHENTICATED);
    },
  },
];
