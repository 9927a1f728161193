import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiKeyGuard, IdentityClientModule, type IdentityClientModuleOptions, IdentityModule } from '../src/index.js';
import { type GuardedHost, GuardedOrdersController } from '../src/testing/index.js';
import { foundTenant, type Host, startHost, type Tenant } from './host.js';
import { keyWith } from './keys.js';
import { RecordingLogger } from './recording-logger.js';

export const PLATFORMS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

/** What NestJS applications run on. */
export type Platform = keyof typeof PLATFORMS;

/** A guarded application, and the service that has its keys. */
export interface StartedHost extends GuardedHost {
  readonly app: INestApplication;
  readonly service: Host;
  readonly tenant: Tenant;
  readonly logger: RecordingLogger;
  close(): Promise<void>;
}

/** A plain application with nothing but this module, the guard and its own routes. */
export async function startPlainApp(platform: Platform, imported: DynamicModule, logger = new RecordingLogger()) {
  @Module({
    imports: [imported],
    controllers: [GuardedOrdersController],
    providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
  })
  class PlainModule {}
  const app = await NestFactory.create(PlainModule, PLATFORMS[platform](), { logger });
  await app.listen(0, '127.0.0.1');
  return app;
}

/** An application that has its keys itself. */
export async function startEmbedded(platform: Platform): Promise<StartedHost> {
  const service = await startHost();
  const tenant = await foundTenant(service);
  const app = await startPlainApp(platform, IdentityModule.forRoot(service.options));
  return started({ app, service, tenant, logger: service.logger, identityUrl: await app.getUrl(), stalenessMs: 0 });
}

/** An application that asks a service. */
export async function startRemote(
  platform: Platform,
  options: Partial<IdentityClientModuleOptions> = {},
): Promise<StartedHost> {
  const service = await startHost();
  const tenant = await foundTenant(service);
  const identityUrl = await service.app.getUrl();
  const logger = new RecordingLogger();
  const settings: IdentityClientModuleOptions = {
    baseUrl: identityUrl,
    apiKey: await keyWith(service, tenant.key, 'api_keys:verify'),
    environment: 'test',
    clock: service.identity.clock,
    // A busy machine is not taken for a service that does not answer.
    attemptTimeoutSeconds: 5,
    deadlineSeconds: 10,
    ...options,
  };
  const app = await startPlainApp(platform, IdentityClientModule.forRoot(settings), logger);
  const stalenessMs = (settings.maxStalenessSeconds ?? 5) * 1000;
  return started({ app, service, tenant, logger, identityUrl, stalenessMs });
}

async function started(
  parts: Pick<StartedHost, 'app' | 'service' | 'tenant' | 'logger' | 'identityUrl' | 'stalenessMs'>,
): Promise<StartedHost> {
  const { app, service, tenant } = parts;
  const url = await app.getUrl();
  const { clock } = service.identity;
  return {
    ...parts,
    url,
    ownerKey: tenant.key,
    now: () => clock.now(),
    pass: async (milliseconds) => clock.advance(milliseconds),
    close: async () => {
      await app.close();
      await service.app.close();
    },
  };
}
