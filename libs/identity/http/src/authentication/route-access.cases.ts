import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { createTenant, type Host, PROTECTIONS, startHost, type Tenant } from '../../testing/host.js';
import { keyWith } from '../../testing/keys.js';
import { E401, send } from '../../testing/requests.js';
import { RequireScopes } from './route-access.js';

@Controller('host')
class OrdersController {
  @RequireScopes('orders:read')
  @Get('orders')
  read(): object {
    return { done: true };
  }

  @RequireScopes('orders:read', 'orders:write', 'stock:write')
  @Get('shipments')
  ship(): object {
    return { done: true };
  }
}

describe.each(PROTECTIONS)('@RequireScopes on a route of a host that protects itself by %s', (protection) => {
  let host: Host;
  let tenant: Tenant;
  const get = (path: string, key?: string) => send(host, 'GET', `/host/${path}`, key === undefined ? {} : { key });

  beforeAll(async () => {
    host = await startHost({ protection, controllers: [OrdersController] });
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it('answers 401 without a key, before anybody speaks of scopes', async () => {
    const { status, body } = await get('orders');
    expect([status, body]).toEqual([401, E401]);
  });

  it.each([['orders:read'], ['orders:*'], ['*'], ['stock:read', 'orders:read']])(
    'opens it to a key that holds %s',
    async (...scopes) => {
      expect((await get('orders', await keyWith(host, tenant.key, ...scopes))).status).toBe(200);
    },
  );

  it('opens it to the unrestricted key of an owner', async () => {
    expect((await get('orders', tenant.key)).status).toBe(200);
  });

  it.each([
    'orders:read_all',
    'orders:READ',
    'Orders:read',
    'ORDERS:READ',
    'orders:rea',
    'orders:read.',
    'orders:write',
    'order:read',
    'orders2:read',
    'orders.x:read',
    'orders.x:*',
    'order:*',
    'Orders:*',
    'read:orders',
  ])('closes it to a key that holds only %s (AZ5)', async (scope) => {
    const { status, body } = await get('orders', await keyWith(host, tenant.key, scope));
    const message = 'The API key lacks the scope "orders:read".';
    expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
  });

  it('names all that is missing, and needs all of it', async () => {
    const { status, body } = await get('shipments', await keyWith(host, tenant.key, 'orders:write'));
    const message = 'The API key lacks the scopes "orders:read", "stock:write".';
    expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
    expect((await get('shipments', await keyWith(host, tenant.key, 'orders:*', 'stock:write'))).status).toBe(200);
  });

  it('judges by what the key holds now', async () => {
    const key = await keyWith(host, tenant.key, 'orders:read');
    const { api_key } = (await send(host, 'GET', '/v1/identity/whoami', { key })).body as { api_key: { id: string } };
    const body = { scopes: ['stock:read'] };
    expect((await get('orders', key)).status).toBe(200);
    await send(host, 'PATCH', `/v1/identity/api-keys/${api_key.id}`, { key: tenant.key, body });
    expect((await get('orders', key)).status).toBe(403);
  });
});

describe('@RequireScopes', () => {
  it.each([
    '',
    '*',
    'orders',
    'orders:',
    ':read',
    'orders:*',
    '*:read',
    'a:b:c',
    'orders: read',
    ' orders:read',
    'ö:read',
  ])('takes nothing but resource:action: %j stops the program where it is written', (scope) => {
    expect(() => RequireScopes('orders:read', scope)).toThrow(
      `A route can require scopes spelled resource:action, not "${scope}".`,
    );
  });
});
