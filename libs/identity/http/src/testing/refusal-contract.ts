import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { ask, type Exchange, forged, type GuardedHost, make, manage } from './guarded-host.js';

const BODY = {
  error: 'authentication_required',
  message: 'No valid API key was provided. Pass your key in the x-api-key header.',
};

/** The refusal of a request with these keys, which is none of the host's own making. */
async function refusalOf(host: GuardedHost, ...keys: string[]): Promise<Exchange> {
  const refused = await ask(host, '/orders', ...keys);
  assert.equal(refused.status, 401, refused.text);
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
      const { headers, text } = await refusalOf(host);
      assert.deepEqual(JSON.parse(text), BODY);
      assert.equal(new Map(headers).get('www-authenticate'), 'ApiKey realm="identity"');
    },
  },
  {
    promise: 'whatever is wrong with a key, it is refused with the same bytes',
    async run(host) {
      const expected = await refusalOf(host);
      const { plain_text_key: good } = await make(host, ['orders:read']);
      const expires_at = new Date(host.now().getTime() + 2000).toISOString();
      const bad = [
        ['', 'junk', good.toUpperCase(), good.slice(1), `${good}a`, `Bearer ${good}`],
        [forged(good, 'unknown0'), forged(good)],
        [await ended(host, () => host.pass(2000), { expires_at })],
        [await ended(host, (id) => manage(host, 'PATCH', `/api-keys/${id}`, { is_active: false }))],
        [await ended(host, (id) => manage(host, 'DELETE', `/api-keys/${id}`))],
        [await ended(host, (id) => manage(host, 'POST', `/api-keys/${id}/rotate`))],
      ];
      await host.pass(host.stalenessMs);
      for (const key of bad.flat()) assert.deepEqual(await refusalOf(host, key), expected, key);
      assert.equal((await ask(host, '/orders', good)).status, 200);
    },
  },
  {
    promise: 'nobody picks one of two keys',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      const expected = await refusalOf(host);
      assert.deepEqual(await refusalOf(host, key, key), expected);
      assert.deepEqual(await refusalOf(host, `${key}, ${key}`), expected);
    },
  },
  {
    promise: 'a public route is open, whatever key comes along',
    async run(host) {
      for (const keys of [[], ['junk'], [forged(host.ownerKey)]]) {
        assert.equal((await ask(host, '/orders/public', ...keys)).status, 200);
      }
    },
  },
];
