import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

describe('GET /v1/identity/api-keys', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
  });

  beforeEach(async () => {
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  const list = async (key = tenant.key) =>
    (await send(host, 'GET', KEYS, { key })).body as { id: string; name: string; is_active: boolean }[];
  const names = async () => (await list()).map(({ name }) => name);

  it('answers a bare array with the fields of the contract, who made the key and whether a key is unrestricted', async () => {
    const { status, headers, body } = await send(host, 'GET', KEYS, { key: tenant.key });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(body).toEqual([
      {
        id: tenant.apiKey.id,
        name: 'Owner key',
        description: null,
        labels: [],
        metadata: null,
        key_prefix: tenant.key.slice(0, 17),
        scopes: [],
        unrestricted: true,
        is_active: true,
        last_used_at: null,
        expires_at: null,
        created_at: '2026-01-02T03:04:05.678000Z',
        created_by: { type: 'operator', api_key_id: null, user_id: null },
        usage_30d: { accepted: 0, refused: 0 },
        last_used_from: null,
      },
    ]);
  });

  it('lists the newest first', async () => {
    for (const name of ['first', 'second']) {
      host.identity.clock.advance(1);
      await created(host, tenant.key, { name });
    }
    expect(await names()).toEqual(['second', 'first', 'Owner key']);
  });

  it('shows what was asked for, and when a key was used', async () => {
    const body = { name: 'CI', scopes: ['a:read'], expires_at: '2027-01-01T00:00:00Z' };
    const { id } = await created(host, tenant.key, body);
    await host.apiKeys.recordLastUsed(new Map([[id, new Date('2026-01-02T03:04:06Z')]]));
    expect((await list()).find((key) => key.id === id)).toMatchObject({
      ...body,
      last_used_at: '2026-01-02T03:04:06Z',
    });
  });

  it('lists an expired key as inactive', async () => {
    const expires_at = '2026-02-01T00:00:00Z';
    const { id } = await created(host, tenant.key, { name: 'short', expires_at });
    const isActive = async () => (await list()).find((key) => key.id === id)?.is_active;
    host.identity.clock.set(new Date(Date.parse(expires_at) - 1));
    expect(await isActive()).toBe(true);
    host.identity.clock.advance(1);
    expect(await isActive()).toBe(false);
  });

  it('lists no revoked key', async () => {
    const { id } = await created(host, tenant.key, { name: 'gone' });
    await send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
    expect(await names()).toEqual(['Owner key']);
  });

  it("lists no other organization's key, whatever the query or the body says", async () => {
    const other = await createTenant(host, 'Other');
    const query = `?organization_id=${other.organization.id}&org_id=${other.organization.id}`;
    const { body } = await send(host, 'GET', KEYS + query, { key: tenant.key });
    expect(body).toEqual([expect.objectContaining({ id: tenant.apiKey.id })]);
    expect((await list(other.key)).map(({ id }) => id)).toEqual([other.apiKey.id]);
  });
});
