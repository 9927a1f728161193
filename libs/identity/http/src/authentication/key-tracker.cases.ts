import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { keyFor, type StartedHost, startEmbedded, startRemote } from '../../testing/guarded-hosts.js';
import { send } from '../../testing/requests.js';
import {
  ApiKeyAuthentication,
  ApiKeyGuard,
  type FastifyApplication,
  keyTracker,
  Public,
  RequireScopes,
} from '../guard.js';

@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(): object {
    return {};
  }

  @Public()
  @Get('prices')
  prices(): object {
    return {};
  }
}

@Module({})
class HostModule {}

const apiKeyGuard: Provider = { provide: APP_GUARD, useExisting: ApiKeyGuard };
const throttlerGuard: Provider = { provide: APP_GUARD, useClass: ThrottlerGuard };
const throttler = ThrottlerModule.forRoot({ getTracker: keyTracker, throttlers: [{ ttl: 60_000, limit: 2 }] });
const STARTS = { embedded: startEmbedded, remote: startRemote };

let host: StartedHost;

const start = async (
  mode: keyof typeof STARTS,
  platform: 'express' | 'fastify',
  providers: Provider[],
  configure: (app: INestApplication) => void = () => undefined,
) => {
  const behind = (identity: object) => ({
    module: HostModule,
    imports: [identity as typeof throttler, throttler],
    controllers: [OrdersController],
    providers,
  });
  host = await STARTS[mode](platform, {}, { behind, configure });
};

async function statuses(path: string, key?: string): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const port = Number(new URL(host.url).port);
    found.push((await send({ port }, 'GET', path, key === undefined ? {} : { key })).status);
  }
  return found;
}

describe('@nestjs/throttler with keyTracker', () => {
  afterEach(() => host.close());

  const HOSTS = [
    ['embedded', 'express'],
    ['embedded', 'fastify'],
    ['remote', 'express'],
    ['remote', 'fastify'],
  ] as const;

  it.each(HOSTS)('counts by key, and by address where there is none: %s on %s', async (mode, platform) => {
    await start(mode, platform, [apiKeyGuard, throttlerGuard]);
    for (let i = 0; i < 2; i += 1) {
      const key = await keyFor(host, 'orders:read');
      expect(await statuses('/orders', key)).toEqual([200, 200, 429]);
    }
    expect(await statuses('/orders')).toEqual([401, 401, 401]);
    expect(await statuses('/orders/prices')).toEqual([200, 200, 429]);
  });

  it.each(['embedded', 'remote'] as const)('counts by key behind protect(), without the guard: %s', async (mode) => {
    const protect = (app: INestApplication) => app.get(ApiKeyAuthentication).protect(app as FastifyApplication);
    await start(mode, 'fastify', [throttlerGuard], protect);
    for (let i = 0; i < 2; i += 1) {
      const key = await keyFor(host, 'orders:read');
      expect(await statuses('/orders', key)).toEqual([200, 200, 429]);
    }
  });

  it('knows no key where it counts before our guard has run', async () => {
    await start('embedded', 'express', [throttlerGuard, apiKeyGuard]);
    expect(await statuses('/orders', host.ownerKey)).toEqual([200, 200, 429]);
    const other = await keyFor(host, 'orders:read');
    expect(await statuses('/orders', other)).toEqual([429, 429, 429]);
  });
});

describe('keyTracker', () => {
  it.each([
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2:bbbb::2', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ])('counts %s and %s together: %s', (ip, other, together) => {
    expect(keyTracker({ ip }) === keyTracker({ ip: other })).toBe(together);
  });
});
