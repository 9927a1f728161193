import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { createTenant, type Host, type HostOptions, startHost } from '../../testing/host.js';
import { E401, send, WHOAMI } from '../../testing/requests.js';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { Public, ROUTE_ACCESS } from './route-access.js';

@Controller('reports')
class UndeclaredController {
  @Public()
  @Get()
  list(): object {
    return { open: true };
  }

  @Post('monthly')
  create(): object {
    return { open: true };
  }
}

const undeclared = (method: string, url: string) =>
  `${method} ${url} declares neither @RequireScopes() nor @Public(): nobody knows who may call it.`;

describe('a route that declares neither scopes nor that it is public (AZ6)', () => {
  let host: Host | undefined;

  const start = async (options: HostOptions) => {
    host = await startHost(options);
  };

  afterEach(async () => {
    await host?.app.close();
    host = undefined;
  });

  it.each(['hook', 'hook and guard'] as const)('stops the start, by its name, behind a %s', async (protection) => {
    await expect(start({ protection, controllers: [UndeclaredController] })).rejects.toThrow(
      undeclared('POST', '/reports/monthly'),
    );
  });

  it.each([
    ['nothing', {}],
    ['a declaration of earlier versions', { featherIdentityPublic: true }],
    ['another configuration', { url: 'public' }],
  ])('stops it also where it was registered with Fastify directly: %s', async (_what, config: object) => {
    const configure: HostOptions['configure'] = (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      fastify.get('/metrics', { config }, () => 'open');
    };
    await expect(start({ configure })).rejects.toThrow(undeclared('GET', '/metrics'));
  });

  it('is closed to everybody, and its neighbours are not, where the guard alone protects', async () => {
    host = await startHost({ protection: 'guard', controllers: [UndeclaredController] });
    const { key } = await createTenant(host);
    await expectClosed('POST', '/reports/monthly', key);
    expect((await send(host, 'GET', '/reports')).status).toBe(200);
    expect((await send(host, 'GET', WHOAMI, { key })).status).toBe(200);
  });

  it('is closed to everybody where it was registered before protect() could look at it', async () => {
    host = await startHost({
      protection: 'guard',
      configure: (app) => {
        const fastify = app.getHttpAdapter().getInstance();
        fastify.get('/early', () => ({ open: true }));
        fastify.get('/early-and-declared', { config: { [ROUTE_ACCESS]: [] } }, () => ({ open: true }));
        app.get(ApiKeyAuthentication).protect(app);
      },
    });
    const { key } = await createTenant(host);
    await expectClosed('GET', '/early', key);
    expect((await send(host, 'GET', '/early-and-declared', { key })).status).toBe(200);
  });

  async function expectClosed(method: string, path: string, key: string): Promise<void> {
    const stranger = await send(host!, method, path);
    expect([stranger.status, stranger.body]).toEqual([401, E401]);
    const { status, body } = await send(host!, method, path, { key });
    const message = 'This route declares no permission.';
    expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
  }
});
