import assert from 'node:assert/strict';
import type { ContractCase } from '@feather-identity/core/testing';
import { assertAnswer, UNAUTHENTICATED } from './answers.js';
import { ask, change, type GuardedHost, make, manage, rotate } from './guarded-host.js';

/** How close to its end a key is asked about again and again, in milliseconds. */
const CLOSE_MS = 10;

/** How long a key lives that ends in the middle of a case, in milliseconds: a busy machine uses it before. */
const LIFE_MS = 5000;

/** A change of a key that was in use, and what its holder is answered then. */
const CHANGES: [string, (host: GuardedHost, id: string) => Promise<unknown>, number][] = [
  ['revoked', (host, id) => manage(host, 'DELETE', `/api-keys/${id}`), 401],
  ['disabled', (host, id) => change(host, id, { is_active: false }), 401],
  ['rotated without a grace period', (host, id) => rotate(host, id), 401],
  ['given fewer scopes', (host, id) => change(host, id, { scopes: ['stock:read'] }), 403],
  ['rotated with a grace period', (host, id) => rotate(host, id, 3600), 200],
];

const changes: ContractCase<GuardedHost>[] = CHANGES.map(([what, happen, status]) => ({
  promise: `a key that is ${what} is answered ${status} within the staleness`,
  async run(host) {
    const { id, plain_text_key: key } = await make(host, ['orders:read']);
    assert.equal((await ask(host, '/orders', key)).status, 200);
    await happen(host, id);
    await host.pass(host.stalenessMs);
    assert.equal((await ask(host, '/orders', key)).status, status);
  },
}));

/** Fails unless every request with this key is let in that is over before this moment, and none that begins then. */
async function assertEnds(host: GuardedHost, key: string, end: Date): Promise<void> {
  const msLeft = () => end.getTime() - host.now().getTime();
  for (let begunMs = msLeft(); ; begunMs = msLeft()) {
    const answered = await ask(host, '/orders', key);
    if (begunMs <= 0) {
      assertAnswer(answered, UNAUTHENTICATED);
      return;
    }
    if (msLeft() > 0) assert.equal(answered.status, 200, `${begunMs} ms before the end`);
    await host.pass(Math.max(1, msLeft() - CLOSE_MS));
  }
}

/** Until when a change of a key shows. */
export const changedKeyContract: readonly ContractCase<GuardedHost>[] = [
  ...changes,
  {
    promise: 'a key that is enabled, or given more scopes, is let in within the staleness',
    async run(host) {
      const { id, plain_text_key: key } = await make(host, ['stock:read']);
      const after = async (fields: object) => {
        await change(host, id, fields);
        await host.pass(host.stalenessMs);
        return (await ask(host, '/orders', key)).status;
      };
      assert.equal(await after({ is_active: false }), 401);
      assert.equal(await after({ is_active: true }), 403);
      assert.equal(await after({ scopes: ['orders:*'] }), 200);
    },
  },
  {
    promise: 'the new secret of a rotated key is let in at once, and the key that holds it is the same',
    async run(host) {
      const { id, plain_text_key: old } = await make(host, ['orders:read']);
      assert.equal((await ask(host, '/orders', old)).status, 200);
      const rotated = await rotate(host, id);
      assert.equal((await ask(host, '/orders', rotated.plain_text_key)).status, 200);
      assert.equal(rotated.id, id);
    },
  },
  {
    promise: 'a key ends to the millisecond, however recently it was used, and whatever a handler did to it',
    async run(host) {
      const end = new Date(host.now().getTime() + LIFE_MS);
      const { plain_text_key: key } = await make(host, ['orders:read'], { expires_at: end.toISOString() });
      assert.equal((await ask(host, '/orders/careless', key)).status, 200);
      await assertEnds(host, key, end);
    },
  },
  {
    promise: 'a secret ends to the millisecond after its grace period, and the new one goes on',
    async run(host) {
      const { id, plain_text_key: old } = await make(host, ['orders:read']);
      assert.equal((await ask(host, '/orders', old)).status, 200);
      const grace = Math.ceil((host.stalenessMs + LIFE_MS) / 1000);
      const { plain_text_key: current, previous_secret_expires_at: end } = await rotate(host, id, grace);
      await host.pass(host.stalenessMs);
      await assertEnds(host, old, new Date(end ?? 0));
      assert.equal((await ask(host, '/orders', current)).status, 200);
    },
  },
  {
    promise: 'an end that was moved counts within the staleness, and to the millisecond',
    async run(host) {
      const soon = new Date(host.now().getTime() + host.stalenessMs + LIFE_MS);
      const late = new Date(soon.getTime() + 3_600_000);
      const { id: first, plain_text_key: longer } = await make(host, ['orders:read'], { expires_at: soon });
      const { id: second, plain_text_key: shorter } = await make(host, ['orders:read'], { expires_at: late });
      for (const key of [longer, shorter]) assert.equal((await ask(host, '/orders', key)).status, 200);
      await change(host, first, { expires_at: late });
      await change(host, second, { expires_at: soon });
      await host.pass(host.stalenessMs);
      await assertEnds(host, shorter, soon);
      assert.equal((await ask(host, '/orders', longer)).status, 200);
    },
  },
];
