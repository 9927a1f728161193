import { afterAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { NO_USAGE, type UsageTotals, WriteBehind } from '@feather-identity/core';
import { createTenant, type Host, type HostOptions, PROTECTIONS, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { send, type Sent, WHOAMI } from '../../testing/requests.js';
import { RequireEnvironment, RequireScopes } from './route-access.js';

const HOUR = 3_600_000;
const CHECK = '/v1/identity/api-keys/verify';

@Controller('orders')
class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(): object {
    return [];
  }

  @RequireScopes('orders:read')
  @RequireEnvironment('live')
  @Get('live')
  live(): object {
    return [];
  }
}

describe('what became of a request with a key is counted', () => {
  let host: Host;
  let tenant: Tenant;
  let made: { readonly id: string; readonly plain_text_key: string };

  const hosts = new Map<string, Host>();

  /** A new organization, of a host that earlier tests with these options may have used. */
  const start = async (options: HostOptions = {}, fields: object = {}) => {
    const name = JSON.stringify(options);
    host = hosts.get(name) ?? (await startHost({ controllers: [OrdersController], ...options }));
    hosts.set(name, host);
    tenant = await createTenant(host);
    made = await created(host, tenant.key, { name: 'CI', scopes: ['orders:read'], ...fields });
  };
  const get = (path: string, sent: Sent = {}) => send(host, 'GET', path, { key: made.plain_text_key, ...sent });
  const usageOf = async (id: string = made.id) => {
    await host.app.get(WriteBehind).flush();
    const to = new Date(host.identity.clock.now().getTime() + HOUR);
    const range = { from: new Date(to.getTime() - 24 * HOUR), to, granularity: 'hour', apiKeyIds: [id] } as const;
    return (await host.identity.readUsage.execute(tenant.organization.id, range)).totals;
  };
  const counted = (totals: Partial<UsageTotals>) => ({ ...NO_USAGE, ...totals });
  const storedFrom = async () => {
    await host.app.get(WriteBehind).flush();
    return host.identity.store.apiKeys.get(made.id)?.lastUsedFrom;
  };

  afterAll(() => Promise.all([...hosts.values()].map(({ app }) => app.close())));

  describe.each(PROTECTIONS)('once, behind a %s', (protection) => {
    it('as accepted, or refused for its scopes or its environment', async () => {
      await start({ protection });
      expect((await get('/orders')).status).toBe(200);
      expect((await get('/orders')).status).toBe(200);
      expect(await usageOf()).toEqual(counted({ accepted: 2 }));
      expect((await get('/orders/live')).status).toBe(403);
      expect((await get('/v1/identity/api-keys')).status).toBe(403);
      expect(await usageOf()).toEqual(counted({ accepted: 2, refusedScope: 2 }));
    });

    it('as refused for a limit of its organization', async () => {
      await start({ protection, identity: { requestsPerMinute: 3 } });
      const answers: number[] = [];
      // One was made to create the key.
      for (let n = 0; n < 4; n += 1) answers.push((await get('/orders')).status);
      expect(answers).toEqual([200, 200, 429, 429]);
      expect(await usageOf()).toEqual(counted({ accepted: 2, refusedLimit: 2 }));
    });

    it.each([
      ['a limit', 'refusedLimit', { rate_limit: { requests: 1, seconds: 60 } }, [200, 429]],
      ['a quota', 'refusedLimit', { quota: { requests: 1, period: 'day' } }, [200, 429]],
      ['its address', 'refusedAddress', { allowed_networks: ['192.0.2.0/24'] }, [403, 403]],
    ] as const)('as refused for %s of the key', async (_what, outcome, fields, expected) => {
      await start({ protection }, fields);
      const answers = [(await get('/orders')).status, (await get('/orders')).status];
      expect(answers).toEqual(expected);
      const refused = expected.filter((status) => status !== 200).length;
      expect(await usageOf()).toEqual(counted({ accepted: 2 - refused, [outcome]: refused }));
    });

    it.each([
      ['disabled', { disabledAt: new Date(0) }],
      ['expired', { expiresAt: new Date(0) }],
      ['revoked', { revokedAt: new Date(0) }],
    ])('as refused for its state: %s', async (_state, changes) => {
      await start({ protection });
      await get('/orders');
      host.identity.store.changeApiKey(made.id, changes);
      expect((await get('/orders')).status).toBe(401);
      expect(await usageOf()).toEqual(counted({ accepted: 1, refusedState: 1 }));
    });
  });

  it('and not one with a wrong secret', async () => {
    await start();
    const { plain_text_key: key } = made;
    expect((await get('/orders', { key: key.slice(0, -1) + (key.endsWith('0') ? '1' : '0') })).status).toBe(401);
    host.identity.store.changeApiKey(made.id, { revokedAt: new Date(0) });
    const other = await created(host, tenant.key);
    const forged = key.slice(0, 17) + other.plain_text_key.slice(17);
    expect((await get('/orders', { key: forged })).status).toBe(401);
    expect(await usageOf()).toEqual(NO_USAGE);
  });

  it('and one that a gateway asks about for scopes that the key lacks as refused', async () => {
    await start();
    expect((await get('/v1/identity/authorize?scope=orders:read')).status).toBe(200);
    expect((await get('/v1/identity/authorize?scope=orders:write')).status).toBe(403);
    expect(await usageOf()).toEqual(counted({ accepted: 1, refusedScope: 1 }));
  });

  it('for the key that a service asks about, and for the key that it asks with', async () => {
    await start();
    const service = await created(host, tenant.key, { name: 'Service', scopes: ['api_keys:verify'] });
    const check = (body: object) =>
      send(host, 'POST', CHECK, { key: service.plain_text_key, body: { key: made.plain_text_key, ...body } });
    expect((await check({ scopes: ['orders:read'] })).body).toMatchObject({ valid: true });
    expect((await check({ scopes: ['orders:write'] })).body).toMatchObject({ valid: false });
    expect(await usageOf()).toEqual(counted({ accepted: 1, refusedScope: 1 }));
    expect(await usageOf(service.id)).toEqual(counted({ accepted: 2 }));
  });

  it('with the address and the user agent, of which words are left out that may be keys', async () => {
    await start();
    const { plain_text_key: key } = made;
    await get('/orders', { headers: { 'user-agent': `orders/1.2 ${key}` } });
    expect(await storedFrom()).toEqual({ address: '127.0.0.1', userAgent: 'orders/1.2 [redacted]' });
    host.identity.clock.advance(1);
    await get(WHOAMI, { headers: { 'user-agent': 'x '.repeat(300) } });
    expect(await storedFrom()).toEqual({ address: '127.0.0.1', userAgent: 'x '.repeat(128) });
  });

  it('without where it came from, if the options say so; what was stored before is removed', async () => {
    await start({ identity: { keepLastUsedFrom: false } });
    host.identity.store.changeApiKey(made.id, { lastUsedFrom: { address: '192.0.2.1', userAgent: 'old' } });
    await get('/orders', { headers: { 'user-agent': 'orders/1.2' } });
    expect(await storedFrom()).toBeNull();
    expect(await usageOf()).toEqual(counted({ accepted: 1 }));
  });
});
