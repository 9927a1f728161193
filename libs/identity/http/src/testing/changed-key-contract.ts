import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { ask, type GuardedHost, make, manage } from './guarded-host.js';

/** A change of a key that was in use, and what its holder is answered then. */
const CHANGES: [string, (host: GuardedHost, id: string) => Promise<unknown>, number][] = [
  ['revoked', (host, id) => manage(host, 'DELETE', `/api-keys/${id}`), 401],
  ['disabled', (host, id) => manage(host, 'PATCH', `/api-keys/${id}`, { is_active: false }), 401],
  ['rotated without a grace period', (host, id) => manage(host, 'POST', `/api-keys/${id}/rotate`), 401],
  ['given fewer scopes', (host, id) => manage(host, 'PATCH', `/api-keys/${id}`, { scopes: ['stock:read'] }), 403],
  [
    'rotated with a grace period',
    (host, id) => manage(host, 'POST', `/api-keys/${id}/rotate`, { grace_period_seconds: 3600 }),
    200,
  ],
];

const changes: ContractCase<GuardedHost>[] = CHANGES.map(([what, change, status]) => ({
  promise: `a key that is ${what} is answered ${status} within the staleness`,
  async run(host) {
    const { id, plain_text_key: key } = await make(host, ['orders:read']);
    assert.equal((await ask(host, '/orders', key)).status, 200);
    await change(host, id);
    await host.pass(host.stalenessMs);
    assert.equal((await ask(host, '/orders', key)).status, status);
  },
}));

/** Until when a change of a key shows. */
export const changedKeyContract: readonly ContractCase<GuardedHost>[] = [
  ...changes,
  {
    promise: 'a key that is enabled, or given more scopes, is let in within the staleness',
    async run(host) {
      const { id, plain_text_key: key } = await make(host, ['stock:read']);
      const change = async (fields: object) => {
        await manage(host, 'PATCH', `/api-keys/${id}`, fields);
        await host.pass(host.stalenessMs);
        return (await ask(host, '/orders', key)).status;
      };
      assert.equal(await change({ is_active: false }), 401);
      assert.equal(await change({ is_active: true }), 403);
      assert.equal(await change({ scopes: ['orders:*'] }), 200);
    },
  },
  {
    promise: 'a key, and a secret in its grace period, end on time however recently they were used',
    async run(host) {
      const expires_at = new Date(host.now().getTime() + 2000).toISOString();
      const { plain_text_key: ending } = await make(host, ['orders:read'], { expires_at });
      const { id, plain_text_key: rotated } = await make(host, ['orders:read']);
      await manage(host, 'POST', `/api-keys/${id}/rotate`, { grace_period_seconds: 2 });
      for (const key of [ending, rotated]) assert.equal((await ask(host, '/orders', key)).status, 200);
      await host.pass(2000);
      for (const key of [ending, rotated]) assert.equal((await ask(host, '/orders', key)).status, 401);
    },
  },
];
