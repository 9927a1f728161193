import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { IssueOwnerKey, TokenFormat } from '@feather-identity/core';
import { Controller, Get, type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { startPlainApp } from '../../testing/guarded-hosts.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { send } from '../../testing/requests.js';
import type { Caller } from '@feather-identity/core';
import {
  ApiKeyAuthentication,
  ApiKeyGuard,
  CurrentCaller,
  type FastifyApplication,
  IdentityClientModule,
  IdentityModule,
  Public,
  RequireEnvironment,
  RequireScopes,
} from '../index.js';

@Controller('payments')
class PaymentsController {
  @RequireEnvironment('live')
  @RequireScopes('payments:write')
  @Get('live')
  live(@CurrentCaller() { apiKey }: Caller): object {
    return { environment: apiKey.environment };
  }

  @RequireScopes('payments:write')
  @Get('any')
  any(@CurrentCaller() { apiKey }: Caller): object {
    return { environment: apiKey.environment };
  }
}

@RequireEnvironment('live')
@Controller('class')
class LiveController {
  @RequireScopes()
  @Get()
  live(): object {
    return {};
  }

  @RequireEnvironment('test')
  @RequireScopes()
  @Get('sandbox')
  sandbox(): object {
    return {};
  }

  @Public()
  @Get('public')
  open(): object {
    return {};
  }
}

@RequireEnvironment('live')
@Controller('unguarded')
class UnguardedController {
  @Get()
  list(): object {
    return {};
  }
}

@Module({})
class HostModule {}

const CONTROLLERS = [PaymentsController, LiveController];
const environments = ['test', 'live'] as const;
const tokenFormat = new TokenFormat('fth', ...environments);
const guard = { provide: APP_GUARD, useExisting: ApiKeyGuard };

let service: Host;
let tenant: Tenant;

const keyOf = async (environment?: string) => {
  const { token } = await service.app
    .get(IssueOwnerKey)
    .execute(tenant.organization.id, { name: 'Key', scopes: ['payments:write', 'api_keys:*'], environment });
  return token.reveal();
};

const embedded = () => IdentityModule.forRoot(service.options);
const remote = () =>
  IdentityClientModule.forRoot({
    baseUrl: `http://127.0.0.1:${service.port}`,
    apiKey: tenant.key,
    environment: environments,
    clock: service.identity.clock,
    attemptTimeoutSeconds: 5,
    deadlineSeconds: 10,
  });

const MODES = { embedded, remote };

async function start(
  mode: keyof typeof MODES,
  platform: 'express' | 'fastify',
  metadata: ModuleMetadata = { controllers: CONTROLLERS, providers: [guard] },
  configure: (app: INestApplication) => void = () => {},
): Promise<INestApplication> {
  const behind = (identity: object) => ({ module: HostModule, imports: [identity as typeof HostModule], ...metadata });
  return startPlainApp(platform, MODES[mode](), undefined, { behind, configure });
}

describe('environments of keys', () => {
  let app: INestApplication | undefined;

  beforeAll(async () => {
    service = await startHost({ identity: { tokenFormat } });
    tenant = await createTenant(service);
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  afterAll(() => service.app.close());

  const ask = async (path: string, key?: string) => {
    const port = Number(new URL(await app!.getUrl()).port);
    const { status, body } = await send({ port }, 'GET', path, key === undefined ? {} : { key });
    return [status, body] as const;
  };

  const refusal = (environment: string) => [
    403,
    { error: 'permission_denied', message: `The API key is not one of the environment "${environment}".` },
  ];

  const protect = (host: INestApplication) => host.get(ApiKeyAuthentication).protect(host as FastifyApplication);
  const HOOKED = { controllers: CONTROLLERS };
  const HOSTS: [string, () => Promise<INestApplication>][] = [
    ['embedded on express', () => start('embedded', 'express')],
    ['embedded on fastify', () => start('embedded', 'fastify')],
    ['embedded on fastify, protected', () => start('embedded', 'fastify', HOOKED, protect)],
    ['remote on express', () => start('remote', 'express')],
    ['remote on fastify', () => start('remote', 'fastify')],
    ['remote on fastify, protected', () => start('remote', 'fastify', HOOKED, protect)],
  ];

  it.each(HOSTS)('open handlers that demand theirs, and are known to every handler: %s', async (_name, started) => {
    app = await started();
    const test = await keyOf();
    const live = await keyOf('live');
    expect([test.slice(0, 9), live.slice(0, 9)]).toEqual(['fth_test_', 'fth_live_']);
    expect(await ask('/payments/live', live)).toEqual([200, { environment: 'live' }]);
    expect(await ask('/payments/live', test)).toEqual(refusal('live'));
    expect(await ask('/payments/any', live)).toEqual([200, { environment: 'live' }]);
    expect(await ask('/payments/any', test)).toEqual([200, { environment: 'test' }]);
    expect((await ask('/payments/live'))[0]).toBe(401);
    expect((await ask('/class', live))[0]).toBe(200);
    expect(await ask('/class', test)).toEqual(refusal('live'));
    expect(await ask('/class/sandbox', live)).toEqual(refusal('test'));
    expect((await ask('/class/sandbox', test))[0]).toBe(200);
    expect((await ask('/class/public'))[0]).toBe(200);
  });

  it.each(['embedded', 'remote'] as const)('cannot be edited in a key: %s', async (mode) => {
    app = await start(mode, 'express');
    const key = await keyOf();
    await ask('/payments/any', key);
    const edited = key.replace('fth_test_', 'fth_live_');
    service.apiKeys.reads = 0;
    expect((await ask('/payments/any', edited))[0]).toBe(401);
    expect(service.apiKeys.reads).toBe(0);
    const [, , rest = ''] = key.split('_');
    const recomputed = tokenFormat.compose(rest.slice(0, 8), rest.slice(8, 40), 'live').reveal();
    expect((await ask('/payments/any', recomputed))[0]).toBe(401);
    expect((await ask('/payments/any', key))[0]).toBe(200);
  });

  it('are kept by a rotation, and those that a key makes have its own', async () => {
    for (const [environment, other] of [
      ['test', 'live'],
      ['live', 'test'],
    ] as const) {
      const key = await keyOf(environment);
      const made = await send(service, 'POST', '/v1/identity/api-keys', { key, body: { name: 'CI', scopes: [] } });
      const { id, plain_text_key: minted } = made.body as { id: string; plain_text_key: string };
      expect(minted.slice(0, 9)).toBe(`fth_${environment}_`);
      const rotated = await send(service, 'POST', `/v1/identity/api-keys/${id}/rotate`, { key });
      expect(rotated.body).toMatchObject({ plain_text_key: expect.stringContaining(`fth_${environment}_`) });
      const stranger = await keyOf(other);
      const refused = await send(service, 'POST', `/v1/identity/api-keys/${id}/rotate`, { key: stranger });
      const message = 'A key makes keys of its own environment only.';
      expect([refused.status, refused.body]).toEqual([403, { error: 'permission_denied', message }]);
    }
    const denied = service.identity.store.auditEvents.filter(({ type }) => type === 'escalation.denied');
    expect(denied).toHaveLength(2);
  });

  it('stop the start where a handler demands one and no guard looks', async () => {
    const started = start('remote', 'express', { controllers: [UnguardedController] });
    await expect(started).rejects.toThrow('UnguardedController.list requires scopes that nothing looks at');
  });
});
