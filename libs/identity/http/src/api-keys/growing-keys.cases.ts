import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { disable } from '../../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { type CreatedKey, created } from '../../testing/keys.js';
import { KEYS, send, type Answer } from '../../testing/requests.js';

const END = '2027-01-01T00:00:00Z';
const HELD = ['a:read', 'b:*', 'api_keys:manage'];
const notHeld = (scope: string) => ({
  error: 'permission_denied',
  message: `The calling key does not hold the scope "${scope}".`,
});
const OUTLIVES = {
  error: 'permission_denied',
  message: 'A key must not outlive the key that creates or changes it.',
};

describe('a manager with few scopes and an end (AZ3)', () => {
  let host: Host;
  let tenant: Tenant;
  let manager: CreatedKey;
  let weak: CreatedKey;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    manager = await created(host, tenant.key, { name: 'manager', scopes: HELD, expires_at: END });
  });

  beforeEach(async () => {
    weak = await created(host, tenant.key, { name: 'weak', scopes: ['a:read'], expires_at: '2026-06-01T00:00:00Z' });
  });

  afterAll(() => host.app.close());

  const update = (id: string, body: object) =>
    send(host, 'PATCH', `${KEYS}/${id}`, { key: manager.plain_text_key, body });
  const expectRefused = ({ status, body }: Answer, refusal: object) => {
    expect([status, body]).toEqual([403, refusal]);
  };

  it.each([
    ['a scope', { scopes: ['a:read', 'c:read'] }, notHeld('c:read')],
    ['a wildcard over what is held', { scopes: ['a:*'] }, notHeld('a:*')],
    ['everything', { scopes: ['*'] }, notHeld('*')],
    ['another spelling of what is held', { scopes: ['A:read'] }, notHeld('A:read')],
    ['a later end', { expires_at: '2027-01-01T00:00:00.001Z' }, OUTLIVES],
    ['no end', { expires_at: null }, OUTLIVES],
  ])('gives no key more than it has, and neither itself: %s', async (_what, body, refusal) => {
    for (const { id } of [weak, manager]) {
      const before = host.identity.store.apiKeys.get(id);
      expectRefused(await update(id, body), refusal);
      expect(host.identity.store.apiKeys.get(id)).toEqual(before);
    }
  });

  it.each([
    [{ scopes: ['b:read', 'b:*', 'api_keys:manage'] }],
    [{ expires_at: END }],
    [{ scopes: HELD, expires_at: END, name: 'strong' }],
  ])('gives a key what it has itself: %j', async (body) => {
    expect(await update(weak.id, body)).toMatchObject({ status: 200, body });
  });

  it.each([
    ['by name', { name: 'renamed' }],
    ['by fewer scopes', { scopes: ['a:read'] }],
    ['by an earlier end', { expires_at: '2026-02-01T00:00:00Z' }],
    ['by disabling it', { is_active: false }],
  ])('changes a stronger key where that takes something away, or nothing: %s', async (_what, body) => {
    const { id } = await created(host, tenant.key, { name: 'strong' });
    expect(await update(id, body)).toMatchObject({ status: 200, body });
  });

  it('enables a weaker key, and no stronger one', async () => {
    const strong = await created(host, tenant.key, { name: 'strong', scopes: ['c:read'], expires_at: END });
    const endless = await created(host, tenant.key, { name: 'endless', scopes: ['a:read'] });
    for (const key of [weak, strong, endless]) await disable(host, tenant, key);
    expect((await update(weak.id, { is_active: true })).status).toBe(200);
    expectRefused(await update(strong.id, { is_active: true }), notHeld('c:read'));
    expectRefused(await update(endless.id, { is_active: true }), OUTLIVES);
  });

  it('rotates a weaker key, and no stronger one: whoever rotates a key gets to hold it', async () => {
    const strong = await created(host, tenant.key, {
      name: 'strong',
      scopes: ['a:read', 'b:*', 'c:read'],
      expires_at: END,
    });
    const rotate = (id: string) => send(host, 'POST', `${KEYS}/${id}/rotate`, { key: manager.plain_text_key });
    expect((await rotate(weak.id)).status).toBe(200);
    expectRefused(await rotate(tenant.apiKey.id), notHeld('*'));
    expectRefused(await rotate(strong.id), notHeld('c:read'));
    const endless = await created(host, tenant.key, { name: 'endless', scopes: ['a:read'] });
    expectRefused(await rotate(endless.id), OUTLIVES);
    expect(host.identity.store.apiKeys.get(strong.id)?.keyPrefix).toBe(strong.key_prefix);
  });
});
