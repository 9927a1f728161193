import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../../testing/service.js';

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

  // Prometheus's own check, where it is installed (Debian: prometheus, 19 MB and more: too much for each run of CI).
  (hasPromtool ? it : it.skip)('satisfies promtool', async () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('holds nothing of any key', async () => {
    const text = await scrape();
    expect(text).not.toContain('fth_live_');
    expect(text).not.toContain(tenant.organization.id);
  });
});

it('GET /metrics is 404 unless METRICS=on', async () => {
  const service = await start({});
  expect((await send(service, 'GET', '/metrics')).status).toBe(404);
  await service.close();
});
