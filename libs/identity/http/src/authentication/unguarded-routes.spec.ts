import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  type DynamicModule,
  Get,
  Injectable,
  Module,
  type ModuleMetadata,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { startHost } from '../../testing/host.js';
import { send } from '../../testing/requests.js';
import { TokenFormat } from '@feather-identity/core';
import { ApiKeyGuard, IdentityClientModule, IdentityModule, Public, RequireScopes } from '../index.js';

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

@Controller('own')
class GuardedController {
  @UseGuards({ canActivate: () => true })
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

  it('is served where it has guards of its own', async () => {
    const host = await start(client(), { controllers: [GuardedController] });
    expect((await send(host, 'GET', '/own')).status).toBe(200);
  });

  it('is nothing to a program without a server', async () => {
    const module = { module: HostModule, imports: [client()], controllers: [ReportsController] };
    const context = await NestFactory.createApplicationContext(module, { logger: false });
    await context.close();
  });
});
