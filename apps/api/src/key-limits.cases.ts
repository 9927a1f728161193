import { afterEach, describe, expect, it } from '@jest/globals';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

const AUTHORIZE = '/v1/identity/authorize';
const POLICY = '/v1/identity/policy';
const LIMITS = {
  rate_limit: { requests: 100, seconds: 60 },
  quota: { requests: 100_000, period: 'month' },
  allowed_networks: ['127.0.0.0/8', '2001:db8::/32'],
};

describe.each(DATABASES)('limits and networks of keys on %s', (type) => {
  const services: Service[] = [];
  let url: string;
  let tenant: Tenant;

  const start = async (variables: Readonly<Record<string, string>> = {}): Promise<Service> => {
    const settings = { DATABASE_URL: url, TRUSTED_PROXIES: '127.0.0.1', ...variables };
    const service = await startServiceIn(environment(settings));
    services.push(service);
    return service;
  };
  const first = async (variables?: Readonly<Record<string, string>>): Promise<Service> => {
    url = await emptyDatabase(type, process.env);
    const service = await start(variables);
    tenant = await createTenant(service);
    return service;
  };
  const make = (service: Service, terms: object) =>
    created(service, tenant.key, { name: 'CI', scopes: ['orders:read'], ...terms });
  const statusFrom = async (service: Service, address: string, key: string, path = WHOAMI) =>
    (await send(service, 'GET', path, { key, headers: { 'x-forwarded-for': address } })).status;
  const statuses = async (service: Service, requests: number, key: string, path = WHOAMI) => {
    const found: number[] = [];
    for (let made = 0; made < requests; made += 1) found.push((await send(service, 'GET', path, { key })).status);
    return found;
  };

  const stop = async (service: Service) => {
    services.splice(services.indexOf(service), 1);
    await service.close();
  };

  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
  });

  it('are taken, kept in one spelling, shown wherever the key is, changed and removed', async () => {
    const service = await first();
    const body = { name: 'CI', ...LIMITS, allowed_networks: ['127.9.9.9/8', '2001:DB8::1/32'] };
    const answer = await send(service, 'POST', KEYS, { key: tenant.key, body });
    expect([answer.status, answer.body, answer.headers.get('x-ignored-fields')]).toMatchObject([201, LIMITS, null]);
    const { id } = answer.body as { id: string };
    const listed = (await send(service, 'GET', KEYS, { key: tenant.key })).body as { id: string }[];
    expect(listed.find((key) => key.id === id)).toMatchObject(LIMITS);
    expect((await send(service, 'GET', `${KEYS}/${id}`, { key: tenant.key })).body).toMatchObject(LIMITS);
    const change = (fields: object) => send(service, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body: fields });
    expect((await change({ quota: { requests: 5, period: 'day' } })).body).toMatchObject({
      ...LIMITS,
      quota: { requests: 5, period: 'day' },
    });
    const none = (await change({ rate_limit: null, quota: null, allowed_networks: null })).body as object;
    expect(Object.keys(none)).not.toEqual(expect.arrayContaining(Object.keys(LIMITS).slice(0, 1)));
    for (const name of Object.keys(LIMITS)) expect(none).not.toHaveProperty(name);
  });

  it.each([
    [{ rate_limit: { requests: 0, seconds: 60 } }, 422, ['body', 'rate_limit', 'requests']],
    [{ rate_limit: { requests: 5 } }, 422, ['body', 'rate_limit', 'seconds']],
    [{ rate_limit: '100/60' }, 422, ['body', 'rate_limit']],
    [{ quota: { requests: 1, period: 'year' } }, 422, ['body', 'quota', 'period']],
    [{ quota: { requests: 1, period: 'day', resets: 'never' } }, 422, ['body', 'quota', 'resets']],
    [{ allowed_networks: '10.0.0.0/8' }, 422, ['body', 'allowed_networks']],
    [{ allowed_networks: [1] }, 422, ['body', 'allowed_networks', 0]],
  ])('are refused in the shape of FastAPI where they are none: %j', async (terms, status, loc) => {
    const service = await first();
    const answer = await send(service, 'POST', KEYS, { key: tenant.key, body: { name: 'CI', ...terms } });
    expect([answer.status, answer.body]).toMatchObject([status, { detail: [{ loc }] }]);
  });

  it('are refused with 400 where a network is none, and 403 where a key would grant more than it has', async () => {
    const service = await first();
    const body = { name: 'CI', allowed_networks: ['127.0.0.1', 'localhost'] };
    expect(await send(service, 'POST', KEYS, { key: tenant.key, body })).toMatchObject({
      status: 400,
      body: { error: 'bad_request', message: expect.stringContaining('allowed_networks[1]') },
    });
    const { plain_text_key: bound } = await created(service, tenant.key, { name: 'bound', ...LIMITS });
    for (const name of Object.keys(LIMITS)) {
      const answer = await send(service, 'POST', KEYS, { key: bound, body: { name: 'free', [name]: null } });
      expect([answer.status, answer.body]).toMatchObject([403, { error: 'permission_denied' }]);
    }
    expect((await created(service, bound, { name: 'child' })) as object).toMatchObject(LIMITS);
  });

  it('come from the policy by default', async () => {
    const service = await first();
    const byDefault = { rate_limit: { requests: 7, seconds: 60 }, quota: { requests: 9, period: 'day' } };
    const answer = await send(service, 'PATCH', POLICY, { key: tenant.key, body: byDefault });
    expect([answer.status, answer.body]).toMatchObject([200, byDefault]);
    expect((await send(service, 'GET', POLICY, { key: tenant.key })).body).toMatchObject(byDefault);
    expect(await make(service, {})).toMatchObject(byDefault);
    expect(await make(service, { rate_limit: null })).not.toHaveProperty('rate_limit');
  });

  it('hold for gateways: GET authorize counts, and goes by the address that a trusted proxy names', async () => {
    const service = await first();
    const { plain_text_key: key } = await make(service, {
      quota: { requests: 2, period: 'day' },
      allowed_networks: ['203.0.113.0/24'],
    });
    for (const [address, status] of [
      ['198.51.100.1', 403],
      ['203.0.113.7', 200],
      // What the client claims in front of that is not looked at.
      ['203.0.113.7, 198.51.100.1', 403],
      ['unknown', 403],
      ['::ffff:203.0.113.8', 200],
      ['203.0.113.9:41000', 429],
    ] as const) {
      expect([address, await statusFrom(service, address, key, AUTHORIZE)]).toEqual([address, status]);
    }
    expect(await statuses(service, 1, key, AUTHORIZE)).toEqual([403]);
  });

  it('take nobody for the proxy, where it does not say who the client is', async () => {
    const service = await first();
    const { plain_text_key: key } = await make(service, { allowed_networks: ['127.0.0.0/8'] });
    for (const address of ['unknown', '_hidden', 'zz', '127.0.0.1, zz']) {
      expect([address, await statusFrom(service, address, key)]).toEqual([address, 403]);
    }
    expect(await statusFrom(service, '127.0.0.1', key)).toBe(200);
  });

  it('do not believe a proxy that is not trusted', async () => {
    const service = await first({ TRUSTED_PROXIES: '10.0.0.0/8' });
    const { plain_text_key: key } = await make(service, { allowed_networks: ['203.0.113.0/24'] });
    expect(await statusFrom(service, '203.0.113.7', key)).toBe(403);
  });

  it('hold for services that ask: by the address of their client, which must be known', async () => {
    const service = await first();
    const { plain_text_key: shown } = await make(service, { allowed_networks: ['203.0.113.0/24'] });
    const check = async (body: object, headers: Record<string, string> = {}) =>
      (await send(service, 'POST', `${KEYS}/verify`, { key: tenant.key, headers, body: { key: shown, ...body } })).body;
    const refused = { valid: false, reason: 'address_not_allowed', api_key: { allowed_networks: ['203.0.113.0/24'] } };
    expect(await check({})).toMatchObject(refused);
    expect(await check({ address: null })).toMatchObject(refused);
    expect(await check({ address: '198.51.100.1' })).toMatchObject(refused);
    expect(await check({ address: '203.0.113.7' })).toMatchObject({ valid: true });
    expect(await check({}, { 'x-checks-networks': 'true' })).toMatchObject({
      valid: true,
      api_key: { allowed_networks: ['203.0.113.0/24'] },
    });
  });

  it('show in the audit log once, and in the metrics each time', async () => {
    const service = await first({ METRICS: 'on' });
    const { id, plain_text_key: key } = await make(service, { allowed_networks: ['203.0.113.0/24'] });
    for (let time = 0; time < 5; time += 1) expect(await statusFrom(service, '198.51.100.1', key)).toBe(403);
    const limited = await make(service, { rate_limit: { requests: 1, seconds: 3600 } });
    expect(await statuses(service, 3, limited.plain_text_key)).toEqual([200, 429, 429]);
    const metrics = await (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
    expect(metrics).toMatch(/^feather_address_refused_total 5$/m);
    expect(metrics).toMatch(/^feather_key_limited_total 2$/m);
    await stop(service);
    const again = await start();
    const path = `/v1/identity/audit-events?type=api_key.address_refused`;
    const { items } = (await send(again, 'GET', path, { key: tenant.key })).body as { items: unknown[] };
    expect(items).toMatchObject([{ api_key_id: id, source_address: '198.51.100.1', actor_api_key_id: id }]);
  });

  it('lock nobody out by mistake', async () => {
    const service = await first();
    const change = (body: object) => send(service, 'PATCH', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key, body });
    const refused = await change({ allowed_networks: ['203.0.113.0/24'] });
    expect([refused.status, refused.body]).toMatchObject([409, { error: 'conflict' }]);
    expect((await change({ allowed_networks: ['127.0.0.0/8'] })).status).toBe(200);
    expect((await change({ allowed_networks: ['127.0.0.2'], confirm: true })).status).toBe(200);
    expect(await statuses(service, 1, tenant.key)).toEqual([403]);
  });

  it('count a quota on through a restart, and together on two instances', async () => {
    const one = await first();
    const { plain_text_key: key } = await make(one, { quota: { requests: 10, period: 'month' } });
    expect(await statuses(one, 4, key)).toEqual([200, 200, 200, 200]);
    await stop(one);
    const again = await start();
    const other = await start();
    expect(await statuses(again, 3, key)).toEqual([200, 200, 200]);
    await stop(again);
    // It read the count at its first request, and learns of the others when it flushes.
    expect(await statuses(other, 4, key)).toEqual([200, 200, 200, 429]);
  });

  it('cost no statement of a request: only the first one reads what was used of a quota', async () => {
    const service = await first();
    const { plain_text_key: key } = await make(service, LIMITS);
    await statuses(service, 1, key);
    const statements = await service.statements.during(() => statuses(service, 5, key));
    expect(statements.filter((text) => text.includes('api_key_quotas'))).toEqual([]);
  });
});
