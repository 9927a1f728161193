import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@feather-identity/core/testing';
import { VerificationMetrics } from '@feather-identity/core';
import type { INestApplication } from '@nestjs/common';
import { startPlainApp } from '../../testing/guarded-hosts.js';
import { type Backing, createBacking, createTenant, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { RecordingLogger } from '../../testing/recording-logger.js';
import { send, WHOAMI } from '../../testing/requests.js';
import { SwitchedStore } from '../../testing/switched-store.js';
import { IdentityModule } from '../index.js';

const LIMITS = { requestsPerMinute: 6, failuresPerMinute: 3 };
const PAUSE_MS = 50;

describe('two instances with one store of counts', () => {
  let service: Backing;
  let tenant: Tenant;
  let store: SwitchedStore;
  let logger: RecordingLogger;
  let apps: INestApplication[];

  /** Starts another instance on the same keys. */
  const start = async () => {
    const identity = IdentityModule.forRoot({ ...service.options, ...LIMITS, rateLimitStore: store });
    const app = await startPlainApp('fastify', identity, logger);
    apps.push(app);
    return app;
  };

  beforeEach(async () => {
    service = createBacking();
    tenant = await createTenant(service);
    store = new SwitchedStore(service.identity.clock);
    logger = new RecordingLogger();
    apps = [];
    for (let instance = 0; instance < 2; instance += 1) await start();
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  const hostOf = async (instance: number) => ({ port: Number(new URL(await apps[instance]!.getUrl()).port) });
  const ask = async (instance: number, key = tenant.key) => send(await hostOf(instance), 'GET', WHOAMI, { key });
  /** Statuses of requests to these instances, one after the other. */
  const statuses = async (instances: readonly number[], key?: string) => {
    const answers: number[] = [];
    for (const instance of instances) answers.push((await ask(instance, key)).status);
    return answers;
  };
  const told = () => logger.lines.filter((line) => line.includes('RateLimitStore'));
  const back = async () => {
    store.failure = undefined;
    while (apps.some((app) => app.get(VerificationMetrics).rateLimitStoreReachable !== true)) await sleep(PAUSE_MS);
  };

  it('give an organization its limit once, and say the same of it', async () => {
    expect(await statuses([0, 1, 0, 1, 1, 0, 0, 1])).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    service.identity.clock.advance(17_500);
    for (const instance of [0, 1]) {
      const { headers, body } = await ask(instance);
      expect(body).toMatchObject({ error: 'rate_limited', retry_after: 43 });
      expect(headers.get('ratelimit')).toBe('"organization";r=0;t=43');
    }
    const answers = await Promise.all([0, 1, 0, 1].map(async (instance) => ask(instance)));
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    service.identity.clock.advance(42_500);
    expect(await statuses([1, 0])).toEqual([200, 200]);
  });

  it('give a key its limits once, tell it what is left, and spend no quota for what another limit refuses', async () => {
    const { plain_text_key: key } = await created(await hostOf(0), tenant.key, {
      name: 'limited',
      rate_limit: { requests: 3, seconds: 60 },
      quota: { requests: 5, period: 'day' },
    });
    const left = [];
    for (const instance of [0, 1, 0, 1, 0]) left.push((await ask(instance, key)).headers.get('ratelimit'));
    const parsed = left.map((header) => [...(header ?? '').matchAll(/"(\w+)";r=(\d+)/g)].map(([, ...of]) => of));
    // Of the quota each instance knows what it has admitted itself: it is read again at the next flush.
    expect(parsed).toEqual([
      [
        ['key', '2'],
        ['quota', '4'],
      ],
      [
        ['key', '1'],
        ['quota', '4'],
      ],
      [
        ['key', '0'],
        ['quota', '3'],
      ],
      [['key', '0']],
      [['key', '0']],
    ]);
    service.identity.clock.advance(60_000);
    expect((await ask(0, key)).headers.get('ratelimit')).toContain('"quota";r=2');
  });

  it('throttle an address that fails at one and at the other', async () => {
    const wrong = (n: number) => service.identity.format.compose('00000000', String(n).padStart(32, 'A')).reveal();
    const answers: number[] = [];
    for (const [n, instance] of [0, 1, 0, 1, 0].entries()) answers.push((await ask(instance, wrong(n))).status);
    expect(answers).toEqual([401, 401, 401, 429, 429]);
    store.failure = new Error('gone');
    // This one has counted three itself.
    expect(await statuses([0], wrong(9))).toEqual([429]);
    expect(await statuses([1, 1], wrong(9))).toEqual([401, 429]);
    expect(await statuses([0, 1])).toEqual([200, 200]);
  });

  it('count each for itself while the store is away, with what they have admitted, and say so once', async () => {
    expect(await statuses([0, 0, 0, 0, 1])).toEqual([200, 200, 200, 200, 200]);
    store.failure = new Error('Redis answered OOM.');
    const together = await Promise.all([0, 0, 0, 0].map((instance) => ask(instance)));
    expect(together.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429]);
    expect(await statuses([1, 1, 1, 1, 1, 1])).toEqual([200, 200, 200, 200, 200, 429]);
    expect(told()).toEqual([
      expect.stringContaining('Redis answered OOM.'),
      expect.stringContaining('Redis answered OOM.'),
    ]);
    const [a, b] = apps.map((app) => app.get(VerificationMetrics));
    expect([a, b]).toMatchObject([
      { rateLimitStoreReachable: false, limitsDecidedAlone: 4 },
      { rateLimitStoreReachable: false, limitsDecidedAlone: 6 },
    ]);
    await back();
    const found = 'Limits are counted over all instances again.';
    expect(told().slice(2)).toEqual([expect.stringContaining(found), expect.stringContaining(found)]);
    // The store knows of five requests; what these have admitted alone they remember.
    expect(await statuses([0, 1])).toEqual([429, 429]);
    service.identity.clock.advance(60_000);
    expect(await statuses([0, 1, 0, 1, 0, 1, 0])).toEqual([200, 200, 200, 200, 200, 200, 429]);
  });

  it('start while it is away', async () => {
    store.failure = new Error('Redis cannot be reached (ECONNREFUSED).');
    await start();
    expect(told().filter((line) => line.includes('ECONNREFUSED'))).toHaveLength(1);
    expect(await statuses([2, 2, 2, 2, 2, 2, 2])).toEqual([200, 200, 200, 200, 200, 200, 429]);
    await back();
  });

  it('take no store that is none', () => {
    const clock = new FixedClock();
    for (const rateLimitStore of ['redis://localhost', Promise.resolve(new SwitchedStore(clock))] as never[]) {
      const options = { ...service.options, rateLimitStore };
      expect(() => new IdentityModule(options)).toThrow('IdentityModule: rateLimitStore takes a store');
    }
  });
});
