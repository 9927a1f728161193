import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, forbidden, retryable, UNAUTHENTICATED } from './answers.js';
import { ask, type Exchange, forged, type GuardedHost } from './guarded-host.js';

/** The limits of a host that keeps `guardLimitContract`. */
export const guardLimits = { failuresPerMinute: 3, requestsPerMinute: 5 };

/** Fails unless a request was one too many, and the answer says when the next one may come. */
function assertLimited(answered: Exchange, policy: string, limit: number, message: string): void {
  const seconds = Number(new Map(answered.headers).get('retry-after'));
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`);
  const { headers, ...expected } = retryable(429, 'rate_limited', message, seconds);
  const limits = { ratelimit: `"${policy}";r=0;t=${seconds}`, 'ratelimit-policy': `"${policy}";q=${limit};w=60` };
  assertAnswer(answered, { ...expected, headers: { ...headers, ...limits } });
}

/**
 * The refusals of a host with `guardLimits`. The cases build on each other, on one host that has served no request
 * before.
 */
export const guardLimitContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'an address has so many failures a minute, and 429 after that; no key at all is none',
    async run(host) {
      const wrong = ['junk', forged(host.ownerKey), forged(host.ownerKey, 'unknown0'), 'more junk', 'junk'];
      for (const [index, key] of wrong.entries()) {
        assertAnswer(await ask(host, '/orders'), UNAUTHENTICATED);
        const answered = await ask(host, '/orders', key);
        if (index < guardLimits.failuresPerMinute) assertAnswer(answered, UNAUTHENTICATED);
        else assertFailedTooOften(answered);
      }
    },
  },
  {
    promise:
      'an organization has so many requests a minute from there too, whatever they are answered, however many handlers ' +
      'serve one, and 429 after that',
    async run(host) {
      const { requestsPerMinute: limit } = guardLimits;
      const paths = ['/orders', '/orders/each?of=list,change,undeclared,list'];
      for (let made = 1; made < limit; made += 1) {
        assert.equal((await ask(host, paths[made % paths.length]!, host.ownerKey)).status, 200);
      }
      const denied = await ask(host, '/orders/undeclared', host.ownerKey);
      assertAnswer(denied, forbidden('This route declares no permission.'));
      const message = 'The organization has made too many requests. Try again later.';
      for (const path of ['/orders', '/orders/caller', '/orders/undeclared']) {
        assertLimited(await ask(host, path, host.ownerKey), 'organization', limit, message);
      }
      assert.equal((await ask(host, '/orders/public', host.ownerKey)).status, 200);
      assertFailedTooOften(await ask(host, '/orders', 'junk'));
      assertAnswer(await ask(host, '/orders'), UNAUTHENTICATED);
    },
  },
];

function assertFailedTooOften(answered: Exchange): void {
  const message = 'Too many failed authentications from this address. Try again later.';
  assertLimited(answered, 'failed-authentication', guardLimits.failuresPerMinute, message);
}
