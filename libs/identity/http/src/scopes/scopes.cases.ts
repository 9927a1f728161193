import { afterEach, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { create, keyWith } from '../../testing/keys.js';
import { send } from '../../testing/requests.js';

const ORDERS = { name: 'orders:read', description: 'Read orders', group: 'Orders' };
const SCOPES = '/v1/identity/scopes';

describe('GET /v1/identity/scopes', () => {
  let host: Host;

  afterEach(() => host.app.close());

  it('lists the catalogue, which creations keep to', async () => {
    host = await startHost({ identity: { scopeCatalogue: [ORDERS] } });
    const { key } = await createTenant(host);
    const { status, body } = await send(host, 'GET', SCOPES, { key });
    const { enforced, scopes } = body as { enforced: boolean; scopes: { name: string }[] };
    expect([status, enforced, scopes[0]]).toEqual([200, true, ORDERS]);
    expect(scopes.slice(1).map(({ name }) => name)).toEqual([
      'api_keys:read',
      'api_keys:manage',
      'api_keys:verify',
      'members:read',
      'audit:read',
      'usage:read',
      'policies:manage',
    ]);
    expect((await create(host, key, { name: 'CI', scopes: ['orders:*', 'api_keys:read'] })).status).toBe(201);
    expect(await create(host, key, { name: 'CI', scopes: ['orders:reed'] })).toMatchObject({
      status: 400,
      body: {
        error: 'bad_request',
        message: 'scopes[0] is not in the catalogue of scopes. Did you mean "orders:read"?',
      },
    });
  });

  it('says where there is none, and needs api_keys:read', async () => {
    host = await startHost();
    const { key } = await createTenant(host);
    expect((await send(host, 'GET', SCOPES, { key })).body).toMatchObject({ enforced: false });
    const { status } = await send(host, 'GET', SCOPES, { key: await keyWith(host, key, 'orders:read') });
    expect(status).toBe(403);
  });
});
