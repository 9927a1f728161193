import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { ask, change, type GuardedHost, make, manage, rotate } from './guarded-host.js';

interface Shown {
  readonly user_id: string;
  readonly organization_id: string;
  readonly api_key: { readonly id: string };
  readonly [field: string]: unknown;
}

/** Fails unless the caller that a handler sees is the one that the service stores. */
async function assertSeen(host: GuardedHost, key: string, id: string): Promise<void> {
  const { status, text } = await ask(host, '/orders/caller', key);
  assert.equal(status, 200, text);
  const owner = (await manage(host, 'GET', '/whoami')) as Shown;
  const stored = (await manage(host, 'GET', `/api-keys/${id}`)) as Record<string, unknown>;
  const { user_id, clerk_user_id, email, display_name, role, organization_id, organization_name } = owner;
  const { name, metadata, key_prefix, scopes, expires_at } = stored;
  const end = typeof expires_at === 'string' ? new Date(expires_at).toISOString() : null;
  assert.deepEqual(JSON.parse(text), {
    ...{ user_id, clerk_user_id, email, display_name, role, organization_name },
    organization_id: [organization_id, organization_id, organization_id],
    api_key: {
      ...{ id, member_id: user_id, name, metadata, key_prefix, scopes, expires_at: end },
      unrestricted: (scopes as string[]).length === 0,
      may_write: (scopes as string[]).length === 0 || (scopes as string[]).includes('orders:*'),
    },
  });
}

/** The caller that a handler gets. */
export const callerContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a handler gets the organization, the member and the key of its caller',
    async run(host) {
      const { id, plain_text_key: key } = await make(host, ['orders:*', 'stock:read'], {
        name: 'Ключ 🔑',
        metadata: { customer: 'c_1', limits: { seats: [1, 2.5, null, true] } },
        expires_at: new Date(host.now().getTime() + 3_600_250).toISOString(),
      });
      await assertSeen(host, key, id);
      await assertSeen(host, key, id);
    },
  },
  {
    promise: 'it can tell an unrestricted key',
    async run(host) {
      const { id, plain_text_key: key } = await make(host, []);
      await assertSeen(host, key, id);
    },
  },
  {
    promise: 'it is told of a change of the key within the staleness, whichever of its secrets came',
    async run(host) {
      const { id, plain_text_key: old } = await make(host, ['stock:read']);
      await assertSeen(host, old, id);
      const { plain_text_key: current } = await rotate(host, id, 3600);
      const expires_at = new Date(host.now().getTime() + 7_200_000).toISOString();
      await change(host, id, { name: 'Renamed', metadata: { plan: 'large' }, scopes: ['orders:*'], expires_at });
      await host.pass(host.stalenessMs);
      for (const key of [old, current]) await assertSeen(host, key, id);
    },
  },
  {
    promise: 'what it does to its caller, no other request sees',
    async run(host) {
      const expires_at = new Date(host.now().getTime() + 3_600_000).toISOString();
      const { id, plain_text_key: key } = await make(host, [], { expires_at });
      for (let i = 0; i < 2; i += 1) assert.equal((await ask(host, '/orders/careless', key)).status, 200);
      await assertSeen(host, key, id);
    },
  },
  {
    promise: 'requests that come together have each their own caller',
    async run(host) {
      const keys = await Promise.all(Array.from({ length: 8 }, () => make(host, ['stock:read'])));
      const asked = Array.from({ length: 32 }, (_, index) => keys[(index * 5) % keys.length]!);
      const seen = await Promise.all(
        asked.map(async ({ plain_text_key: key }) => {
          const { text } = await ask(host, '/orders/caller', key);
          return (JSON.parse(text) as Shown).api_key.id;
        }),
      );
      assert.deepEqual(
        seen,
        asked.map(({ id }) => id),
      );
    },
  },
];
