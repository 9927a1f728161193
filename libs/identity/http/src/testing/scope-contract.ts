import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { ask, type GuardedHost, make } from './guarded-host.js';

/** Fails unless a key with these scopes is refused for the lack of those. */
async function assertLacking(host: GuardedHost, scopes: string[], path: string, ...missing: string[]): Promise<void> {
  const { plain_text_key: key } = await make(host, scopes);
  const { status, text } = await ask(host, path, key);
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  const message = `The API key lacks the scope${missing.length > 1 ? 's' : ''} ${names}.`;
  assert.deepEqual([status, JSON.parse(text)], [403, { error: 'permission_denied', message }], scopes.join());
}

/** What keys open. */
export const scopeContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a key opens the routes whose scopes it holds, by name or by wildcard',
    async run(host) {
      for (const scopes of [['orders:read', 'orders:write'], ['stock:read', 'orders:*'], ['*'], []]) {
        const { plain_text_key: key } = await make(host, scopes);
        const { status, text } = await ask(host, '/orders/change', key);
        assert.deepEqual([status, JSON.parse(text)], [200, ['changed']], scopes.join());
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
    promise: 'a route that declares nothing is open to nobody',
    async run(host) {
      assert.equal((await ask(host, '/orders/undeclared')).status, 401);
      const { status, text } = await ask(host, '/orders/undeclared', host.ownerKey);
      const message = 'This route declares no permission.';
      assert.deepEqual([status, JSON.parse(text)], [403, { error: 'permission_denied', message }]);
    },
  },
];
