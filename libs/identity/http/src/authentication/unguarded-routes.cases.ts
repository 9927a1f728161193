import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type DynamicModule,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  type ModuleMetadata,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OverrideBy, Test } from '@nestjs/testing';
import { startHost } from '../../testing/host.js';
import { send } from '../../testing/requests.js';
import { TokenFormat } from '@feather-identity/core';
import {
  ApiKeyAuthentication,
  ApiKeyGuard,
  IdentityClientModule,
  IdentityModule,
  Public,
  RequireScopes,
} from '../index.js';

@Controller('reports')
class ReportsController {
  @Public()
  @Get('public')
  public(): object {
    return {};
  }

  @RequireScopes('reports:read')
  @Get()
  list(): object {
    return { open: true };
  }
}

@Injectable()
class ThrottlerGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@UseGuards(ThrottlerGuard)
@Controller('throttled')
class ThrottledController {
  @UseGuards({ canActivate: () => true })
  @RequireScopes('reports:read')
  @Get()
  list(): object {
    return { open: true };
  }
}

/** Lets a session of the application's own in, or a key. */
@Injectable()
class SessionOrApiKeyGuard extends ApiKeyGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<{ headers: { cookie?: string } }>();
    return headers.cookie === 'session=1' || super.canActivate(context);
  }
}

@UseGuards(ThrottlerGuard, SessionOrApiKeyGuard)
@Controller('own')
class GuardedController {
  @RequireScopes('reports:read')
  @Get()
  list(): object {
    return {};
  }
}

@Controller('own')
class GuardedHandlerController {
  @UseGuards(ApiKeyGuard)
  @RequireScopes('reports:read')
  @Get()
  list(): object {
    return {};
  }
}

/** Another guard of the application's, which knows nothing of keys. */
const otherGuard = { provide: APP_GUARD, useValue: { canActivate: () => true } };

@Injectable({ scope: Scope.REQUEST })
class ExtendedGuard extends ApiKeyGuard {}

const PROVIDERS = {
  'the guard': { provide: APP_GUARD, useExisting: ApiKeyGuard },
  'a guard that extends it': { provide: APP_GUARD, useClass: SessionOrApiKeyGuard },
  'a guard that extends it, for each request anew': { provide: APP_GUARD, useClass: ExtendedGuard },
};

const OPEN =
  'ReportsController.list requires scopes that nothing looks at. Provide { provide: APP_GUARD, useExisting: ApiKeyGuard }';

describe('a route that demands scopes', () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  const key = new TokenFormat('fth', 'live').compose('0'.repeat(8), 's'.repeat(32)).reveal();
  const client = () => IdentityClientModule.forRoot({ baseUrl: 'http://127.0.0.1:9', apiKey: key });

  async function embedded(): Promise<DynamicModule> {
    const service = await startHost();
    closing.push(() => service.app.close());
    return IdentityModule.forRoot({ ...service.options, controllers: false });
  }

  @Module({})
  class HostModule {}

  async function start(
    identity: DynamicModule,
    metadata: ModuleMetadata,
    configure?: (app: NestExpressApplication) => void,
  ) {
    const module = { module: HostModule, imports: [identity], ...metadata };
    const app = await NestFactory.create<NestExpressApplication>(module, { logger: false });
    configure?.(app);
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    return { port: Number(new URL(await app.getUrl()).port) };
  }

  it.each([
    ['has its keys itself', embedded],
    ['asks a service', async () => client()],
  ])('stops the start of an application that %s and has no guard for it', async (_mode, identity) => {
    const controllers = [ReportsController];
    await expect(start(await identity(), { controllers })).rejects.toThrow(OPEN);
    await expect(start(await identity(), { controllers, providers: [otherGuard] })).rejects.toThrow(OPEN);
  });

  it.each(Object.entries(PROVIDERS))('is served behind %s', async (_what, provider) => {
    const host = await start(client(), { controllers: [ReportsController], providers: [provider] });
    expect((await send(host, 'GET', '/reports')).status).toBe(401);
    expect((await send(host, 'GET', '/reports/public')).status).toBe(200);
  });

  it('is served behind a guard that the application adds to all routes', async () => {
    const host = await start(client(), { controllers: [ReportsController] }, (app) => {
      app.useGlobalGuards(app.get(ApiKeyGuard));
    });
    expect((await send(host, 'GET', '/reports')).status).toBe(401);
  });

  it('stops the start where the guards of its own know nothing of keys, and is told what counts', async () => {
    const refused = expect(start(client(), { controllers: [ThrottledController] })).rejects;
    await refused.toThrow(
      /^ThrottledController\.list requires scopes .* counts where its class extends ApiKeyGuard\.$/,
    );
  });

  it.each([
    ['its controller', GuardedController],
    ['itself', GuardedHandlerController],
  ])('is served where %s has our guard or one that extends it', async (_where, own) => {
    const host = await start(client(), { controllers: [own] });
    expect((await send(host, 'GET', '/own')).status).toBe(401);
  });

  it('lets in whom a guard that extends ours lets in', async () => {
    const host = await start(client(), { controllers: [GuardedController] });
    const headers = { cookie: 'session=1' };
    expect((await send(host, 'GET', '/own', { headers })).status).toBe(200);
  });

  class Opened implements CanActivate {
    canActivate = () => true;
  }

  it.each([
    ['a value', (guard: OverrideBy) => guard.useValue({ canActivate: () => true })],
    ['a class', (guard: OverrideBy) => guard.useClass(Opened)],
    ['a factory', (guard: OverrideBy) => guard.useFactory({ factory: () => new Opened() })],
  ])('is served where a test has put %s in the place of the guard', async (_what, override) => {
    const providers = [PROVIDERS['the guard']];
    const module = Test.createTestingModule({ imports: [client()], controllers: [ReportsController], providers });
    const app = (await override(module.overrideProvider(ApiKeyGuard)).compile()).createNestApplication();
    closing.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    const port = Number(new URL(await app.getUrl()).port);
    expect((await send({ port }, 'GET', '/reports')).status).toBe(200);
  });

  it.each([0, 1])('is served where one of both modules closes the routes: %d', async (one) => {
    const module = { module: HostModule, imports: [await embedded(), client()], controllers: [ReportsController] };
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
    closing.push(() => app.close());
    app.get(ApiKeyAuthentication, { each: true })[one]?.protect(app);
    await app.listen(0, '127.0.0.1');
    const port = Number(new URL(await app.getUrl()).port);
    expect((await send({ port }, 'GET', '/reports')).status).toBe(401);
  });

  it('is nothing to a program without a server', async () => {
    const module = { module: HostModule, imports: [client()], controllers: [ReportsController] };
    const context = await NestFactory.createApplicationContext(module, { logger: false });
    await context.close();
  });
});
