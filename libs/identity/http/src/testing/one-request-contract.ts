import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, forbidden, UNAUTHENTICATED } from './answers.js';
import { ask, exchange, forged, type GuardedHost, make } from './guarded-host.js';

const LACKS_WRITE = forbidden('The API key lacks the scope "orders:write".').body;
const UNDECLARED = forbidden('This route declares no permission.').body;

/** The answers to a request that several handlers serve one after the other. */
async function each(host: GuardedHost, key: string, handlers: string, headers: object = {}): Promise<unknown> {
  const { status, text } = await exchange(`${host.url}/orders/each?of=${handlers}`, 'GET', {
    'x-api-key': key,
    ...headers,
  });
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

/** What holds where a request is looked at more than once. */
export const oneRequestContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'each handler that a request reaches demands its own scopes, whatever another one let in or refused',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      const answers = [['order-1'], LACKS_WRITE, LACKS_WRITE, ['order-1'], UNDECLARED, UNDECLARED, ['for everyone']];
      assert.deepEqual(await each(host, key, 'list,change,change,list,undeclared,undeclared,public'), answers);
    },
  },
  {
    promise: 'a key that came into the request later counts from then on, and the one before no more',
    async run(host) {
      const first = await make(host, ['orders:read']);
      const second = await make(host, ['orders:write']);
      const seen = (key: string, then: string) => each(host, key, 'list,add,caller', { 'x-then-key': then });
      const [list, , caller] = (await seen(first.plain_text_key, second.plain_text_key)) as [unknown, unknown, object];
      assert.deepEqual(list, forbidden('The API key lacks the scope "orders:read".').body);
      assert.equal((caller as { api_key: { id: string } }).api_key.id, second.id);
      const refused = Array(3).fill(UNAUTHENTICATED.body);
      for (const junk of ['junk', forged(first.plain_text_key)]) {
        assert.deepEqual(await seen(first.plain_text_key, junk), refused);
      }
    },
  },
  {
    promise: 'a middleware that lets a key in, to know whose request it is, opens no route to it',
    async run(host) {
      const { plain_text_key: stranger } = await make(host, ['orders:read']);
      const { plain_text_key: key } = await make(host, ['tenants:read']);
      assertAnswer(await ask(host, '/tenant', stranger), forbidden('The API key lacks the scope "tenants:read".'));
      for (const each of [stranger, key, host.ownerKey]) {
        assertAnswer(await ask(host, '/tenant/undeclared', each), forbidden('This route declares no permission.'));
        assertAnswer(await ask(host, '/tenant/public', each), { status: 200, body: ['for every key'] });
      }
      const answered = await ask(host, '/tenant', key);
      assertAnswer(answered, { status: 200, body: ['tenant'] });
      assert.ok(new Map(answered.headers).get('x-tenant'));
      for (const keys of [[], ['junk']]) assertAnswer(await ask(host, '/tenant/public', ...keys), UNAUTHENTICATED);
    },
  },
  {
    promise: 'inherited routes, and routes for every method, demand what they declare, by HEAD as well',
    async run(host) {
      const { plain_text_key: reader } = await make(host, ['orders:read']);
      const { plain_text_key: writer } = await make(host, ['orders:write']);
      const sent = async (method: string, path: string, key: string) =>
        (await exchange(`${host.url}/orders/${path}`, method, { 'x-api-key': key })).status;
      for (const method of ['GET', 'HEAD']) {
        assert.deepEqual([await sent(method, 'archive', reader), await sent(method, 'archive', writer)], [403, 200]);
        assert.equal(await sent(method, 'archive/undeclared', host.ownerKey), 403);
        assert.equal(await sent(method, 'undeclared', host.ownerKey), 403);
      }
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const statuses = [await sent(method, 'any-method', reader), await sent(method, 'any-method', writer)];
        assert.deepEqual(statuses, [403, 200], method);
      }
    },
  },
];
