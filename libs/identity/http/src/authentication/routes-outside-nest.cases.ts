import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { keyWith } from '../../testing/keys.js';
import { E401, send, WHOAMI } from '../../testing/requests.js';
import { publicRoute, ROUTE_ACCESS } from './route-access.js';

const needs = (...scopes: string[]) => ({ config: { [ROUTE_ACCESS]: scopes } });

describe('routes that a host registers with Fastify itself', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost({
      protection: 'hook',
      configure: (app) => {
        const fastify = app.getHttpAdapter().getInstance();
        fastify.get('/closed', needs(), () => ({ open: true }));
        fastify.get('/orders', needs('orders:read'), () => ({ open: true }));
        fastify.get('/open', publicRoute, () => ({ open: true }));
      },
    });
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it.each(['/closed', '/orders'])('are closed unless they say otherwise: %s', async (path) => {
    const { status, body } = await send(host, 'GET', path);
    expect([status, body]).toEqual([401, E401]);
  });

  it('answer a caller whose key holds their scopes', async () => {
    const key = await keyWith(host, tenant.key, 'orders:write');
    const statuses = ['/closed', '/orders'].map(async (path) => (await send(host, 'GET', path, { key })).status);
    expect(await Promise.all(statuses)).toEqual([200, 403]);
    expect((await send(host, 'GET', '/orders', { key: tenant.key })).status).toBe(200);
  });

  it('are opened by publicRoute', async () => {
    expect((await send(host, 'GET', '/open')).body).toEqual({ open: true });
  });

  it('may be the one by which enableCors() answers browsers, who ask without a key', async () => {
    const cors = await startHost({ configure: (app) => app.enableCors({ origin: 'https://app.example.com' }) });
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'GET' };
    const answers = [await send(cors, 'OPTIONS', WHOAMI, { headers }), await send(cors, 'GET', WHOAMI, { headers })];
    await cors.app.close();
    expect(answers.map((answer) => [answer.status, answer.headers.get('access-control-allow-origin')])).toEqual([
      [204, 'https://app.example.com'],
      [401, 'https://app.example.com'],
    ]);
  });

  it('do not exist for an unknown path, and no key is looked at there', async () => {
    host.apiKeys.reads = 0;
    expect(await send(host, 'GET', '/nowhere')).toMatchObject({ status: 404, body: { error: 'not_found' } });
    expect(host.apiKeys.reads).toBe(0);
  });
});
