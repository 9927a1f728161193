import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Post, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { keyFor, type App, type StartedHost, startEmbedded, startRemote } from '../../testing/guarded-hosts.js';
import { E401, send } from '../../testing/requests.js';
import { API_KEY_SECURITY, ApiKeyAuthentication, ApiKeyGuard, type FastifyApplication } from '../guard.js';
import { Public, RequireScopes } from './route-access.js';

@RequireScopes('stock:read')
@Controller('stock')
class StockController {
  @Get()
  list(): object {
    return { stock: this.count() };
  }

  @RequireScopes('stock:write')
  @Post()
  add(): object {
    return {};
  }

  @Public()
  @Get('prices')
  prices(): object {
    return {};
  }

  private count(): number {
    return 3;
  }
}

/** Routes of another library, which knows nothing of keys. */
class LibraryRoutes {
  protected readonly kind: string = 'library';

  @Get()
  read(): object {
    return { kind: this.kind };
  }

  @Get('deep')
  deep(): object {
    return { kind: this.kind };
  }
}

@Controller('health')
class HealthController extends LibraryRoutes {
  protected override readonly kind = 'health';
}

@Controller('metrics')
class MetricsController extends LibraryRoutes {
  protected override readonly kind = 'metrics';

  @RequireScopes()
  @Get('deep')
  override deep(): object {
    return super.deep();
  }
}

Public()(HealthController);
RequireScopes('metrics:read')(MetricsController);

/** Closes what its base class has opened. */
@RequireScopes('health:read')
@Controller('inner-health')
class InnerHealthController extends HealthController {}

/** Adds a route to those that its base class has opened. */
@Controller('more-health')
class MoreHealthController extends HealthController {
  @Get('more')
  more(): object {
    return {};
  }
}

const CONTROLLERS = [StockController, HealthController, MetricsController, InnerHealthController];

class PlainClass {
  list(): void {}
}

@Module({})
class HostModule {}

const app = (controllers: Type[], configure: App['configure'] = () => undefined): App => ({
  behind: (identity) => ({
    module: HostModule,
    imports: [identity],
    controllers,
    providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
  }),
  configure,
});

const protect = (host: INestApplication) => host.get(ApiKeyAuthentication).protect(host as FastifyApplication);

const HOSTS: [string, () => Promise<StartedHost>][] = [
  ['embedded on express', () => startEmbedded('express', {}, app(CONTROLLERS))],
  ['remote on express', () => startRemote('express', {}, app(CONTROLLERS))],
  ['embedded on fastify', () => startEmbedded('fastify', {}, app(CONTROLLERS))],
  ['remote on fastify', () => startRemote('fastify', {}, app(CONTROLLERS))],
  ['embedded on fastify, protected', () => startEmbedded('fastify', {}, app(CONTROLLERS, protect))],
  ['remote on fastify, protected', () => startRemote('fastify', {}, app(CONTROLLERS, protect))],
];

describe.each(HOSTS)('a declaration on a class, %s', (_name, start) => {
  let host: StartedHost;
  let port: number;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    host = await start();
    port = Number(new URL(host.url).port);
    for (const scope of ['stock:read', 'stock:write', 'metrics:read', 'health:read'])
      keys[scope] = await keyFor(host, scope);
  });

  afterAll(() => host.close());

  const ask = (method: string, path: string, scope?: string) =>
    send({ port }, method, path, scope === undefined ? {} : { key: keys[scope] ?? '' });

  it('is for the handlers that declare nothing, and what a handler declares replaces it', async () => {
    const refused = await ask('GET', '/stock');
    expect([refused.status, refused.body]).toEqual([401, E401]);
    expect((await ask('GET', '/stock', 'stock:read')).body).toEqual({ stock: 3 });
    expect((await ask('GET', '/stock', 'stock:write')).status).toBe(403);
    expect((await ask('POST', '/stock', 'stock:read')).status).toBe(403);
    expect((await ask('POST', '/stock', 'stock:write')).status).toBe(201);
    expect((await ask('GET', '/stock/prices')).status).toBe(200);
  });

  it('is for the routes of another library, for each of its classes alone', async () => {
    for (const path of ['/health', '/health/deep']) expect((await ask('GET', path)).body).toEqual({ kind: 'health' });
    expect((await ask('GET', '/metrics')).status).toBe(401);
    expect((await ask('GET', '/metrics', 'health:read')).status).toBe(403);
    expect((await ask('GET', '/metrics', 'metrics:read')).body).toEqual({ kind: 'metrics' });
  });

  it('is replaced by that of a subclass', async () => {
    for (const path of ['/inner-health', '/inner-health/deep']) {
      expect((await ask('GET', path)).status).toBe(401);
      expect((await ask('GET', path, 'stock:read')).status).toBe(403);
      expect((await ask('GET', path, 'health:read')).body).toEqual({ kind: 'health' });
    }
  });
});

describe('a declaration on a class', () => {
  it('opens no handler that a subclass adds', async () => {
    const host = await startEmbedded('express', {}, app([MoreHealthController]));
    const port = Number(new URL(host.url).port);
    const asked = ['/more-health', '/more-health/more'].map((path) => send({ port }, 'GET', path));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    await host.close();
    expect(statuses).toEqual([200, 401]);
  });

  it.each([
    ['twice', () => RequireScopes('stock:write')(StockController), 'StockController declares twice who may call it'],
    ['without handlers', () => Public()(PlainClass), 'PlainClass has no handlers'],
  ])('stops the program where it is written, %s', (_what, declare, message) => {
    expect(declare).toThrow(message);
  });

  it("is in the application's description", async () => {
    const module = { module: HostModule, controllers: CONTROLLERS };
    const host = await NestFactory.create(module, new FastifyAdapter(), { logger: false });
    const config = new DocumentBuilder().addApiKey(
      { type: 'apiKey', in: 'header', name: 'x-api-key' },
      API_KEY_SECURITY,
    );
    const { paths, components } = SwaggerModule.createDocument(host, config.build());
    await host.close();
    expect(Object.keys(components?.securitySchemes ?? {})).toEqual([API_KEY_SECURITY]);
    const security = [{ [API_KEY_SECURITY]: [] }];
    const described = Object.entries(paths).flatMap(([path, { get, post }]) =>
      [get, post].flatMap((operation) => {
        const { security: required, 'x-required-scopes': scopes } = (operation ?? {}) as Record<string, unknown>;
        return operation === undefined ? [] : [[path, required, scopes]];
      }),
    );
    expect(described).toEqual([
      ['/stock', security, ['stock:read']],
      ['/stock', security, ['stock:write']],
      ['/stock/prices', undefined, undefined],
      ['/health', undefined, undefined],
      ['/health/deep', undefined, undefined],
      ['/metrics/deep', security, []],
      ['/metrics', security, ['metrics:read']],
      ['/inner-health', security, ['health:read']],
      ['/inner-health/deep', security, ['health:read']],
    ]);
  });
});
