import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foundTenant, type Host, startHost } from '../../testing/host.js';
import { E401, send } from '../../testing/requests.js';
import { publicRoute } from './public.decorator.js';

describe('routes that a host registers with Fastify itself', () => {
  let host: Host;

  beforeAll(async () => {
    host = await startHost({
      protection: 'hook',
      configure: (app) => {
        const fastify = app.getHttpAdapter().getInstance();
        fastify.get('/closed', () => 'closed');
        fastify.get('/open', publicRoute, () => ({ open: true }));
        fastify.get('/false', { config: { featherIdentityPublic: 'true' } }, () => 'closed');
      },
    });
  });

  afterAll(() => host.app.close());

  it.each(['/closed', '/false'])('are closed unless they say otherwise: %s', async (path) => {
    const { status, body } = await send(host, 'GET', path);
    expect([status, body]).toEqual([401, E401]);
  });

  it('answer a caller', async () => {
    const { key } = await foundTenant(host);
    const response = await fetch(`http://127.0.0.1:${host.port}/closed`, { headers: { 'x-api-key': key } });
    expect(await response.text()).toBe('closed');
  });

  it('are opened by publicRoute', async () => {
    expect((await send(host, 'GET', '/open')).body).toEqual({ open: true });
  });

  it('do not exist for an unknown path, and no key is looked at there', async () => {
    host.apiKeys.reads = 0;
    expect(await send(host, 'GET', '/nowhere')).toMatchObject({ status: 404, body: { error: 'not_found' } });
    expect(host.apiKeys.reads).toBe(0);
  });
});
