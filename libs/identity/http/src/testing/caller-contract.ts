import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { ask, type GuardedHost, make, manage } from './guarded-host.js';

interface Shown {
  readonly user_id: string;
  readonly organization_id: string;
  readonly api_key: object;
  readonly [field: string]: unknown;
}

/** Fails unless a handler gets to see of the caller what the service stores. */
async function assertSeen(host: GuardedHost, key: string, id: string): Promise<void> {
  const { status, text } = await ask(host, '/orders/caller', key);
  assert.equal(status, 200, text);
  const owner = (await manage(host, 'GET', '/whoami')) as Shown;
  const stored = (await manage(host, 'GET', `/api-keys/${id}`)) as Record<string, unknown>;
  const { user_id, clerk_user_id, email, display_name, role, organization_id, organization_name } = owner;
  const { name, key_prefix, scopes, expires_at } = stored;
  const end = typeof expires_at === 'string' ? new Date(expires_at).toISOString() : null;
  assert.deepEqual(JSON.parse(text), {
    ...{ user_id, clerk_user_id, email, display_name, role, organization_name },
    organization_id: [organization_id, organization_id, organization_id],
    api_key: {
      ...{ id, member_id: user_id, name, key_prefix, scopes, expires_at: end },
      unrestricted: (scopes as string[]).length === 0,
    },
  });
}

/** What a handler is told of its caller. */
export const callerContract: readonly ContractCase<GuardedHost>[] = [
  {
    promise: 'a handler gets the organization, the member and the key of its caller',
    async run(host) {
      const { id, plain_text_key: key } = await make(host, ['orders:*', 'stock:read'], {
        name: 'Ключ 🔑',
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
];
