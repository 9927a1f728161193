import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, forbidden } from './answers.js';
import { ask, exchange, type GuardedHost, make } from './guarded-host.js';

/** Fails unless a key with these scopes is refused for the lack of those. */
async function assertLacking(host: GuardedHost, scopes: string[], path: string, ...missing: string[]): Promise<void> {
  const { plain_text_key: key } = await make(host, scopes);
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  const message = `The API key lacks the scope${missing.length > 1 ? 's' : ''} ${names}.`;
  assertAnswer(await ask(host, path, key), forbidden(message), scopes.join());
}

/** What keys open. */
export const scopeContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a key opens the routes whose scopes it holds, by name or by wildcard, or without scopes all of them',
    async run(host) {
      for (const scopes of [['orders:read', 'orders:write'], ['stock:read', 'orders:*'], ['*'], []]) {
        const { plain_text_key: key } = await make(host, scopes);
        assertAnswer(await ask(host, '/orders/change', key), { status: 200, body: ['changed'] }, scopes.join());
      }
    },
  },
  {
    promise: 'it opens no other, and the answer names what is missing',
    async run(host) {
      await assertLacking(host, ['stock:read'], '/orders', 'orders:read');
      await assertLacking(host, ['orders:write'], '/orders/change', 'orders:read');
      await assertLacking(host, ['stock:*'], '/orders/change', 'orders:read', 'orders:write');
      for (const near of ['orders:rea', 'Orders:read', 'orders:reads', 'order:*', 'orders.x:*']) {
        await assertLacking(host, [near], '/orders', 'orders:read');
      }
    },
  },
  {
    promise: 'one key may open one route and not another, in whatever order they are asked for',
    async run(host) {
      const { plain_text_key: key } = await make(host, ['orders:read']);
      const asked = ['/orders/change', '/orders', '/orders/change', '/orders/caller', '/orders'];
      const statuses = [];
      for (const path of asked) statuses.push((await ask(host, path, key)).status);
      assert.deepEqual(statuses, [403, 200, 403, 200, 200]);
    },
  },
  {
    promise: 'each method of a path demands what it declares, and a body reaches its handler',
    async run(host) {
      const { plain_text_key: reader } = await make(host, ['orders:read']);
      const { plain_text_key: writer } = await make(host, ['orders:write']);
      const post = (key: string) =>
        exchange(
          `${host.url}/orders`,
          'POST',
          { 'x-api-key': key, 'content-type': 'application/json' },
          { item: 'pen' },
        );
      assertAnswer(await post(reader), forbidden('The API key lacks the scope "orders:write".'));
      assertAnswer(await ask(host, '/orders', writer), forbidden('The API key lacks the scope "orders:read".'));
      assertAnswer(await post(writer), { status: 201, body: { item: 'pen', is_order: true } });
    },
  },
  {
    promise: 'a route that declares nothing is open to nobody',
    async run(host) {
      const refused = await ask(host, '/orders/undeclared', host.ownerKey);
      assertAnswer(refused, forbidden('This route declares no permission.'));
    },
  },
];
