import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiKeyVerifier } from '@feather-identity/core';
import { FakeApiKeyVerifier, testCaller } from '@feather-identity/core/testing';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModule } from '@nestjs/testing';
import { type Platform, PLATFORMS } from '../../testing/guarded-hosts.js';
import { type Answer, E401, send } from '../../testing/requests.js';
import { ApiKeyAuthentication, ApiKeyGuard, IdentityClientModule } from '../index.js';
import { GuardedOrdersController } from './guarded-orders.controller.js';
import { IdentityTestingModule } from './identity-testing.module.js';

const controllers = [GuardedOrdersController];

let app: INestApplication;

describe('IdentityTestingModule', () => {
  afterEach(() => app.close());

  async function listen(module: TestingModule, platform: Platform, configure?: (host: INestApplication) => void) {
    app = module.createNestApplication(PLATFORMS[platform](), { logger: false });
    configure?.(app);
    await app.listen(0, '127.0.0.1');
    return Number(new URL(await app.getUrl()).port);
  }

  describe.each(['express', 'fastify'] as const)("a test of an application's routes on %s", (platform) => {
    async function start(metadata: ModuleMetadata = { imports: [IdentityTestingModule] }) {
      const module = await Test.createTestingModule({ ...metadata, controllers }).compile();
      const port = await listen(module, platform);
      return {
        keys: module.get(FakeApiKeyVerifier),
        ask: (path: string, key?: string): Promise<Answer> =>
          send({ port }, 'GET', path, key === undefined ? {} : { key }),
      };
    }

    it('gets 401 in the words of the contract, without a key and with one that was not handed out', async () => {
      const { ask } = await start();
      for (const key of [undefined, 'junk', new FakeApiKeyVerifier().keyFor(testCaller())]) {
        const { status, body, headers } = await ask('/orders', key);
        expect([status, body, headers.get('www-authenticate')]).toEqual([401, E401, 'ApiKey realm="identity"']);
      }
    });

    it('gets 403 that names the scope, and 200', async () => {
      const { ask, keys } = await start();
      const key = keys.keyFor(testCaller({ scopes: ['orders:read'] }));
      expect((await ask('/orders', key)).status).toBe(200);
      const { status, body } = await ask('/orders/change', key);
      const message = 'The API key lacks the scope "orders:write".';
      expect([status, body]).toEqual([403, { error: 'permission_denied', message }]);
    });

    it('gives its caller to the handler', async () => {
      const { ask, keys } = await start();
      const caller = testCaller({ organization: { name: 'Shop' }, scopes: ['orders:*'] });
      expect((await ask('/orders/caller', keys.keyFor(caller))).body).toMatchObject({
        user_id: caller.member.id,
        organization_name: 'Shop',
        api_key: { id: caller.apiKey.id, scopes: ['orders:*'] },
      });
    });

    it('finds public routes open, and undeclared ones closed', async () => {
      const { ask, keys } = await start();
      expect((await ask('/orders/public')).status).toBe(200);
      expect((await ask('/orders/undeclared', keys.keyFor(testCaller()))).status).toBe(403);
    });

    it('may leave the module of the application as it is, where a service would be asked', async () => {
      const keys = new FakeApiKeyVerifier();
      const module = await Test.createTestingModule({
        imports: [IdentityClientModule.forRoot({ baseUrl: 'http://127.0.0.1:9', apiKey: 'none' })],
        providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
        controllers,
      })
        .overrideProvider(ApiKeyVerifier)
        .useValue(keys)
        .compile();
      const port = await listen(module, platform);
      const statuses = [];
      for (const key of ['junk', keys.keyFor(testCaller())]) {
        statuses.push((await send({ port }, 'GET', '/orders', { key })).status);
      }
      expect(statuses).toEqual([401, 200]);
    });
  });

  it('closes routes by the hook on Fastify, as the application does', async () => {
    const module = await Test.createTestingModule({ imports: [IdentityTestingModule], controllers }).compile();
    const protect = () =>
      listen(module, 'fastify', (host) => {
        host.get(ApiKeyAuthentication).protect(host as NestFastifyApplication);
      });
    await expect(protect()).rejects.toThrow('GET /orders/undeclared declares neither');
  });
});
