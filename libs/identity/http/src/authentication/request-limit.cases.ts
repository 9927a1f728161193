import { afterAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { createTenant, type Host, type HostOptions, PROTECTIONS, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith } from '../../testing/keys.js';
import { KEYS, send, WHOAMI } from '../../testing/requests.js';
import { Public, RequireScopes } from './route-access.js';

const LIMIT = 6;

@Controller('host')
class HostController {
  @Public()
  @Get('open')
  open(): object {
    return { open: true };
  }

  @RequireScopes('orders:read')
  @Get('orders')
  orders(): object {
    return { open: true };
  }
}

describe('the requests that an organization may make', () => {
  let host: Host;
  let tenant: Tenant;

  const hosts = new Map<string, Host>();

  /** A new organization, of a host that earlier tests with these options may have used. */
  const start = async (options: HostOptions = {}) => {
    const name = JSON.stringify(options);
    const identity = { requestsPerMinute: LIMIT };
    host = hosts.get(name) ?? (await startHost({ controllers: [HostController], identity, ...options }));
    hosts.set(name, host);
    tenant = await createTenant(host);
  };
  const whoAmI = (key = tenant.key) => send(host, 'GET', WHOAMI, { key });
  const statuses = async (requests: number, key?: string) => {
    const answers: number[] = [];
    for (let request = 0; request < requests; request += 1) answers.push((await whoAmI(key)).status);
    return answers;
  };
  const times = (count: number, status: number) => Array<number>(count).fill(status);

  afterAll(() => Promise.all([...hosts.values()].map(({ app }) => app.close())));

  it.each(PROTECTIONS)(
    'are so many a minute, then 429 with what a client has to know, behind a %s (RL1)',
    async (protection) => {
      await start({ protection });
      expect(await statuses(LIMIT)).toEqual(times(LIMIT, 200));
      host.identity.clock.advance(17_500);
      const { status, headers, body } = await whoAmI();
      const message = 'The organization has made too many requests. Try again later.';
      expect([status, body]).toEqual([429, { error: 'rate_limited', message, retryable: true, retry_after: 43 }]);
      expect(headers.get('retry-after')).toBe('43');
      expect(headers.get('ratelimit')).toBe('"organization";r=0;t=43');
      expect(headers.get('ratelimit-policy')).toBe('"organization";q=6;w=60');
      expect(headers.get('cache-control')).toBe('no-store');
      host.identity.clock.advance(42_499);
      expect((await whoAmI()).status).toBe(429);
      host.identity.clock.advance(1);
      expect(await statuses(LIMIT + 1)).toEqual([...times(LIMIT, 200), 429]);
    },
  );

  it('are counted over all of its keys, and over none of another organization', async () => {
    await start();
    const second = await keyWith(host, tenant.key, 'a:read');
    const other = await createTenant(host, 'Other');
    expect(await statuses(2, second)).toEqual([200, 200]);
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect(await statuses(1, second)).toEqual([429]);
    expect(await statuses(1)).toEqual([429]);
    expect(await statuses(LIMIT, other.key)).toEqual(times(LIMIT, 200));
  });

  it('are told apart however organizations and keys are named (AZ10)', async () => {
    await start();
    for (const [organization, name] of [
      ['a:b', 'c'],
      ['a', 'b:c'],
      ['a:b:c', 'c'],
      ['', 'a:b:c'],
    ] as const) {
      const named = await createTenant(host, organization || 'c');
      const { plain_text_key: key } = await created(host, named.key, { name });
      expect(await statuses(LIMIT, key)).toEqual([...times(LIMIT - 1, 200), 429]);
      const { body } = await send(host, 'GET', WHOAMI, { key: tenant.key });
      expect(body).toMatchObject({ organization_id: tenant.organization.id });
      host.identity.clock.advance(60_000);
    }
  });

  it('count neither what is public nor what is refused with 401, and lock nobody out by it', async () => {
    await start();
    const { id, plain_text_key: revoked } = await created(host, tenant.key);
    await send(host, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
    const forged = host.identity.format.compose(tenant.key.slice(9, 17), 's'.repeat(32)).reveal();
    for (const key of [revoked, forged, 'junk', '']) expect(await statuses(LIMIT, key)).toEqual(times(LIMIT, 401));
    for (let request = 0; request < LIMIT; request += 1) {
      expect((await send(host, 'GET', '/host/open', { key: tenant.key })).status).toBe(200);
      expect((await send(host, 'GET', '/nowhere', { key: tenant.key })).status).toBe(404);
    }
    expect(await statuses(LIMIT - 1)).toEqual([...times(LIMIT - 2, 200), 429]);
  });

  it('count what is answered 403, 404 and 422: whoever asks for that has a key', async () => {
    await start();
    const key = await keyWith(host, tenant.key, 'api_keys:manage');
    const asked = [
      await send(host, 'GET', '/host/orders', { key }),
      await send(host, 'DELETE', `${KEYS}/0198ffff-0000-7000-8000-000000000001`, { key }),
      await send(host, 'POST', KEYS, { key, body: {} }),
      await send(host, 'GET', '/v1/identity/authorize', { key }),
      await send(host, 'POST', KEYS, { key, body: { name: 'CI' } }),
      await send(host, 'POST', KEYS, { key, body: { name: 'one too many' } }),
      await send(host, 'GET', '/host/orders', { key }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([403, 404, 422, 200, 201, 429, 429]);
  });

  it('are exactly so many when they come at once', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => whoAmI()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20 - LIMIT);
  });

  it('are as many as it likes where no limit is set', async () => {
    await start({ identity: {} });
    expect(await statuses(50)).toEqual(times(50, 200));
  });
});
