import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../../testing/service.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/;
const SECRET = 's'.repeat(32);
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

const start = async (variables: Readonly<Record<string, string>>) =>
  startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}), ...variables }));

describe('GET /metrics', () => {
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    service = await start({ METRICS: 'on', FAILED_AUTHENTICATIONS_PER_MINUTE: '4' });
    tenant = await createTenant(service);
  });
  afterAll(() => service.close());

  const scrape = async () => (await fetch(`http://127.0.0.1:${service.port}/metrics`)).text();
  const valueOf = (text: string, metric: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${metric} `))
        ?.split(' ')[1] ?? NaN,
    );
  const whoAmI = async (key?: string) =>
    (await send(service, 'GET', WHOAMI, { ...(key === undefined ? {} : { key }) })).status;

  it('is text for Prometheus, open to whoever may reach the port', async () => {
    const response = await fetch(`http://127.0.0.1:${service.port}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('counts verifications by outcome, look-ups and hashes', async () => {
    const forged = (publicPart: string) => new TokenFormat('fth', 'live').compose(publicPart, SECRET).reveal();
    const { id, plain_text_key: revoked } = await created(service, tenant.key);
    await send(service, 'DELETE', `${KEYS}/${id}`, { key: tenant.key });
    const before = await scrape();
    for (const key of [
      tenant.key,
      tenant.key,
      undefined,
      'junk',
      forged('00000000'),
      forged(tenant.key.slice(9, 17)),
    ]) {
      await whoAmI(key);
    }
    expect(await whoAmI(revoked)).toBe(401);
    expect(await whoAmI('junk')).toBe(429);
    const after = await scrape();
    const grown = (metric: string) => valueOf(after, metric) - valueOf(before, metric);
    expect(
      ['accepted', 'missing', 'spelling', 'unknown', 'secret', 'state'].map((outcome) =>
        grown(`feather_verifications_total{outcome="${outcome}"}`),
      ),
    ).toEqual([2, 1, 2, 1, 1, 1]);
    expect(grown('feather_throttled_total')).toBe(1);
    expect(grown('feather_proofs_recalled_total')).toBe(2);
    expect(grown('feather_credential_queries_total')).toBeGreaterThan(0);
    expect(valueOf(after, 'feather_hashing_jobs_total{kind="check"}')).toBe(0);
    expect(valueOf(after, 'feather_hashing_waiting')).toBe(0);
    expect(valueOf(after, 'feather_hashing_abandoned_total')).toBe(0);
  });

  it('ends the names of counters, and of nothing else, in _total', async () => {
    const types = [...(await scrape()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type]) => [name, type]);
    expect(types.length).toBeGreaterThan(30);
    for (const [name, type] of types) expect([name, type === 'counter']).toEqual([name, name?.endsWith('_total')]);
  });

  it('has how long requests took, by method, pattern of the route, class of status and outcome', async () => {
    const counted = async (...labels: string[]) => {
      const [method = '', route = '', status_class = '', outcome = ''] = labels;
      const series = `{method="${method}",route="${route}",status_class="${status_class}",outcome="${outcome}"}`;
      return valueOf(await scrape(), `feather_http_request_duration_seconds_count${series}`) || 0;
    };
    const { id } = await created(service, tenant.key, { name: 'narrow', scopes: ['a:read'] });
    const { plain_text_key: narrow } = await created(service, tenant.key, { name: 'narrow', scopes: ['a:read'] });
    for (const [labels, ask] of [
      [['GET', `${KEYS}/:key_id`, '2xx', 'answered'], () => send(service, 'GET', `${KEYS}/${id}`, { key: tenant.key })],
      [['GET', `${KEYS}/:key_id`, '4xx', 'invalid'], () => send(service, 'GET', `${KEYS}/x`, { key: tenant.key })],
      [['GET', KEYS, '4xx', 'unauthenticated'], () => send(service, 'GET', KEYS)],
      [['GET', KEYS, '4xx', 'forbidden'], () => send(service, 'GET', KEYS, { key: narrow })],
      [['GET', 'unmatched', '4xx', 'not_found'], () => send(service, 'GET', `/secret-${id}`)],
      [['PUT', 'unmatched', '4xx', 'not_found'], () => send(service, 'PUT', KEYS, { key: tenant.key })],
      [['other', 'unmatched', '4xx', 'not_found'], () => send(service, 'PROPFIND', KEYS, { key: tenant.key })],
    ] as const) {
      const before = await counted(...labels);
      await ask();
      // It is counted when the client has the answer.
      await sleep(20);
      expect([labels, await counted(...labels)]).toEqual([labels, before + 1]);
    }
    expect(await scrape()).not.toContain(id);
  });

  it('counts answers to what could not be read as a request', async () => {
    const unread = async () => valueOf(await scrape(), 'feather_unread_requests_total');
    const before = await unread();
    await once(connect(service.port, '127.0.0.1').end('NONSENSE\r\n\r\n').resume(), 'close');
    expect(await unread()).toBe(before + 1);
  });

  // Prometheus's own check, where it is installed (Debian: prometheus, 19 MB and more: too much for each run of CI).
  (hasPromtool ? it : it.skip)('satisfies promtool', async () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('holds nothing of any key', async () => {
    const text = await scrape();
    expect(text).not.toContain('fth_live_');
    expect(text).not.toContain(tenant.organization.id);
    expect(text).not.toMatch(UUID);
  });
});

it('GET /metrics counts requests by key with METRICS_BY_KEY=on: those with a valid key, refused ones too', async () => {
  const service = await start({ METRICS: 'on', METRICS_BY_KEY: 'on' });
  const { key, apiKey } = await createTenant(service);
  const { id, plain_text_key: narrow } = await created(service, key, { name: 'narrow', scopes: ['a:read'] });
  for (const each of [narrow, narrow, `${narrow}x`]) await send(service, 'GET', KEYS, { key: each });
  await sleep(20);
  const { text } = await send(service, 'GET', '/metrics');
  await service.close();
  expect(text.match(/^feather_key_requests_total.*/gm)?.sort()).toEqual(
    [
      `feather_key_requests_total{api_key_id="${apiKey.id}"} 1`,
      `feather_key_requests_total{api_key_id="${id}"} 2`,
    ].sort(),
  );
});

it('GET /metrics is 404 unless METRICS=on', async () => {
  const service = await start({});
  expect((await send(service, 'GET', '/metrics')).status).toBe(404);
  await service.close();
});
