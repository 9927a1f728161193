import { IdentityError } from '@feather-identity/core';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type AuthenticationLimits,
  IdentityClientModule,
  type IdentityClientModuleOptions,
  IdentityModule,
  type KeyLocation,
} from '../src/index.js';
import { type GuardedHost, GuardedOrdersModule } from '../src/testing/index.js';
import { type Backing, createBacking, createTenant, type Host, startHost, type Tenant } from './host.js';
import { RecordingLogger } from './recording-logger.js';

export const PLATFORMS = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

/** What NestJS applications run on. */
export type Platform = keyof typeof PLATFORMS;

/** A guarded application, and what has its keys. */
export interface StartedHost extends GuardedHost {
  readonly app: INestApplication;
  readonly service: Backing;
  readonly tenant: Tenant;
  readonly logger: RecordingLogger;
  close(): Promise<void>;
}

/** A guarded application that asks a service. */
export interface RemoteHost extends StartedHost {
  readonly service: Host;
}

/** What an application is, besides the module that has its keys or asks for them. */
export interface App {
  readonly behind: (identity: DynamicModule) => DynamicModule;
  readonly configure?: (app: INestApplication) => void;
}

const ORDERS: App = { behind: (identity) => GuardedOrdersModule.behind(identity) };

/** A plain application behind the guard of this module. */
export async function startPlainApp(
  platform: Platform,
  identity: DynamicModule,
  logger = new RecordingLogger(),
  { behind, configure }: App = ORDERS,
) {
  const settings = { logger, abortOnError: false };
  const app = await NestFactory.create(behind(identity), PLATFORMS[platform](), settings);
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

/** An application that has its keys itself. */
export async function startEmbedded(
  platform: Platform,
  limits: AuthenticationLimits & KeyLocation = {},
  application?: App,
): Promise<StartedHost> {
  const service = createBacking();
  const tenant = await createTenant(service);
  const identity = IdentityModule.forRoot({ ...service.options, ...limits });
  const app = await startPlainApp(platform, identity, service.logger, application);
  const close = () => app.close();
  return started({
    app,
    service,
    tenant,
    logger: service.logger,
    close,
    identityUrl: await app.getUrl(),
    stalenessMs: 0,
  });
}

/** An application that asks a service. */
export async function startRemote(
  platform: Platform,
  options: Partial<IdentityClientModuleOptions> = {},
  application?: App,
): Promise<RemoteHost> {
  const service = await startHost();
  const tenant = await createTenant(service);
  const identityUrl = await service.app.getUrl();
  const logger = new RecordingLogger();
  const settings: IdentityClientModuleOptions = {
    baseUrl: identityUrl,
    apiKey: await keyFor({ service, tenant }, 'api_keys:verify'),
    environment: 'test',
    clock: service.identity.clock,
    // A busy machine is not taken for a service that does not answer.
    attemptTimeoutSeconds: 5,
    deadlineSeconds: 10,
    ...options,
  };
  const app = await startPlainApp(platform, IdentityClientModule.forRoot(settings), logger, application);
  const stalenessMs = (settings.maxStalenessSeconds ?? 5) * 1000;
  const close = async () => {
    await app.close();
    await service.app.close();
  };
  return { ...(await started({ app, service, tenant, logger, close, identityUrl, stalenessMs })), service };
}

/** The plain text of a new key of the owner with exactly these scopes, made without a request. */
export async function keyFor(
  { service, tenant }: Pick<StartedHost, 'service' | 'tenant'>,
  ...scopes: string[]
): Promise<string> {
  const wanted = { name: scopes.join(' '), scopes };
  return (await service.identity.issueOwnerKey.execute(tenant.organization.id, wanted)).token.reveal();
}

async function started(
  parts: Pick<StartedHost, 'app' | 'service' | 'tenant' | 'logger' | 'close' | 'identityUrl' | 'stalenessMs'>,
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
    setOrganization: async (state) => setOrganization(service, tenant, state),
    interrupt: async () => {
      service.apiKeys.failures.set('findCredential', UNREACHABLE);
      return async () => void service.apiKeys.failures.delete('findCredential');
    },
  };
}

const UNREACHABLE = new IdentityError(
  'storage.unavailable',
  'The service cannot reach its storage. Try again shortly.',
);

type State = Parameters<GuardedHost['setOrganization']>[0];

function setOrganization({ identity: { store, clock } }: Backing, { organization }: Tenant, state: State): void {
  if (state !== 'deleted') {
    const disabledAt = state === 'disabled' ? clock.now() : null;
    store.organizations.set(organization.id, { ...organization, disabledAt });
    return;
  }
  const { organizations, members, apiKeys, secrets } = store;
  for (const table of [organizations, members, apiKeys, secrets]) table.clear();
}
