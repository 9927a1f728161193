import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, UNAUTHENTICATED } from './answers.js';
import {
  ask,
  change,
  exchange,
  type Exchange,
  forged,
  type GuardedHost,
  make,
  manage,
  respelled,
  rotate,
} from './guarded-host.js';

/** The refusal of a request with these keys. */
async function refusalOf(host: GuardedHost, ...keys: string[]): Promise<Exchange> {
  const refused = await ask(host, '/orders', ...keys);
  assert.equal(refused.status, 401, `${keys.join()}: ${refused.text}`);
  return refused;
}

/** A good key that was used, and then ended in this way. */
async function ended(host: GuardedHost, end: (id: string) => Promise<unknown>, terms: object = {}): Promise<string> {
  const { id, plain_text_key: key } = await make(host, ['orders:read'], terms);
  assert.equal((await ask(host, '/orders', key)).status, 200);
  await end(id);
  return key;
}

/** How requests are refused that have no good key. */
export const refusalContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a request without a key is 401 in the words of the contract',
    async run(host) {
      assertAnswer(await ask(host, '/orders'), UNAUTHENTICATED);
      assertAnswer(await ask(host, '/orders/undeclared'), UNAUTHENTICATED);
      const { status, text } = await exchange(`${host.url}/orders`, 'HEAD', {});
      assert.deepEqual([status, text], [401, '']);
    },
  },
  {
    promise: 'whatever is wrong with a key, it is refused with the same bytes',
    async run(host) {
      const expected = await refusalOf(host);
      const { plain_text_key: good } = await make(host, ['orders:read']);
      const [namespace = '', environment = ''] = good.split('_');
      const expires_at = new Date(host.now().getTime() + 2500).toISOString();
      const bad = [
        [
          '',
          'junk',
          good.toUpperCase(),
          good.slice(1),
          `${good}a`,
          `Bearer ${good}`,
          'k'.repeat(10_000),
          `${good}\xe9`,
        ],
        [respelled(good, 'other', environment), respelled(good, namespace, 'other')],
        [forged(good, 'unknown0'), forged(good)],
        [await ended(host, () => host.pass(2500), { expires_at })],
        [await ended(host, (id) => change(host, id, { is_active: false }))],
        [await ended(host, (id) => manage(host, 'DELETE', `/api-keys/${id}`))],
        [await ended(host, (id) => rotate(host, id))],
      ];
      await host.pass(host.stalenessMs);
      for (const key of bad.flat()) assert.deepEqual(await refusalOf(host, key), expected, key);
      assert.equal((await ask(host, '/orders', good)).status, 200);
    },
  },
  {
    promise: 'a wrong secret opens nothing, neither before nor after the right one did',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      await refusalOf(host, forged(key));
      assert.equal((await ask(host, '/orders', key)).status, 200);
      await refusalOf(host, forged(key));
      assert.equal((await ask(host, '/orders', key)).status, 200);
    },
  },
  {
    promise: 'a key counts in the header x-api-key, however that is spelled, and nowhere else',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      assert.equal((await exchange(`${host.url}/orders`, 'GET', { 'X-API-Key': key })).status, 200);
      assert.equal((await exchange(`${host.url}/orders`, 'HEAD', { 'x-api-key': key })).status, 200);
      for (const headers of [{ authorization: `Bearer ${key}` }, { cookie: `x-api-key=${key}` }, { 'api-key': key }]) {
        assertAnswer(
          await exchange(`${host.url}/orders`, 'GET', headers),
          UNAUTHENTICATED,
          Object.keys(headers).join(),
        );
      }
      assertAnswer(await ask(host, `/orders?x-api-key=${key}&api_key=${key}`), UNAUTHENTICATED);
    },
  },
  {
    promise: 'nobody picks one of two keys',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      const expected = await refusalOf(host);
      const keys = [[key, key], [key, 'junk'], ['junk', key], [`${key}, ${key}`], [`${key},${key}`]];
      for (const sent of keys) assert.deepEqual(await refusalOf(host, ...sent), expected, sent.join(' and '));
    },
  },
  {
    promise: 'a public route is open, whatever key comes along, and knows nobody',
    async run(host) {
      for (const keys of [[], ['junk'], [forged(host.ownerKey)], [host.ownerKey]]) {
        assert.equal((await ask(host, '/orders/public', ...keys)).status, 200);
        assertAnswer(await ask(host, '/orders/public-caller', ...keys), UNAUTHENTICATED);
      }
    },
  },
];
