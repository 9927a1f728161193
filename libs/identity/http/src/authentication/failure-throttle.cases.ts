import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { E401, KEYS, send, type Sent, WHOAMI } from '../../testing/requests.js';

const LIMIT = 5;

describe('an address that fails too often', () => {
  let host: Host;
  let tenant: Tenant;

  beforeEach(async () => {
    host = await startHost({ identity: { failuresPerMinute: LIMIT } });
    tenant = await createTenant(host);
  });
  afterEach(() => host.app.close());

  const whoAmI = (key?: string, headers: Sent['headers'] = {}) =>
    send(host, 'GET', WHOAMI, { ...(key === undefined ? {} : { key }), headers });
  const forged = (index = 0, publicPart = tenant.key.slice(9, 17)) =>
    host.identity.format.compose(publicPart, String(index).padStart(32, 'A')).reveal();
  const failUntilThrottled = async (headers?: (index: number) => Record<string, string>) => {
    for (let index = 0; index < LIMIT; index += 1) {
      expect((await whoAmI(forged(index), headers?.(index))).status).toBe(401);
    }
  };

  it('gets 429 that says when to come back', async () => {
    await failUntilThrottled();
    const { status, headers, body } = await whoAmI(forged(99));
    expect([status, body]).toEqual([
      429,
      {
        error: 'rate_limited',
        message: 'Too many failed authentications from this address. Try again later.',
        retryable: true,
        retry_after: Number(headers.get('retry-after')),
      },
    ]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('ratelimit')).toBe(`"failed-authentication";r=0;t=${headers.get('retry-after')}`);
    expect(headers.get('ratelimit-policy')).toBe(`"failed-authentication";q=${LIMIT};w=60`);
  });

  it('has a token that was refused with 429 refused again without a look at the keys (RL7)', async () => {
    await failUntilThrottled();
    expect((await whoAmI(forged(99))).status).toBe(429);
    host.apiKeys.reads = 0;
    for (let round = 0; round < 3; round += 1) expect((await whoAmI(forged(99))).status).toBe(429);
    expect(host.apiKeys.reads).toBe(0);
  });

  it('locks nobody out: good keys are accepted from it, whether this process has seen them or not (RL7)', async () => {
    const { key: unseen } = await createTenant(host);
    expect((await whoAmI(tenant.key)).status).toBe(200);
    await failUntilThrottled();
    expect((await whoAmI(forged(99))).status).toBe(429);
    expect((await whoAmI(tenant.key)).status).toBe(200);
    expect((await whoAmI(unseen)).status).toBe(200);
  });

  it('gets no fresh count for another header, another key or the key of a victim (RL3)', async () => {
    await failUntilThrottled((index) => ({
      'x-forwarded-for': `10.0.0.${index}`,
      forwarded: `for=10.0.0.${index}`,
      'x-real-ip': `10.0.0.${index}`,
      'user-agent': `agent ${index}`,
    }));
    const headers = { 'x-forwarded-for': '10.9.9.9', 'user-agent': 'another' };
    expect((await whoAmI(forged(1, '00000000'), headers)).status).toBe(429);
    expect((await whoAmI('junk', headers)).status).toBe(429);
  });

  it('is answered 401 still when it sends no key at all, which is no attempt', async () => {
    for (let index = 0; index < 2 * LIMIT; index += 1) expect((await whoAmI()).status).toBe(401);
    await failUntilThrottled();
    expect((await whoAmI(forged(99))).status).toBe(429);
    const { status, body } = await whoAmI();
    expect([status, body]).toEqual([401, E401]);
  });

  it('counts a revoked key like a forged one', async () => {
    expect((await whoAmI(tenant.key)).status).toBe(200);
    await send(host, 'DELETE', `${KEYS}/${tenant.apiKey.id}`, { key: tenant.key });
    for (let index = 0; index < LIMIT; index += 1) expect((await whoAmI(tenant.key)).status).toBe(401);
    expect((await whoAmI(tenant.key)).status).toBe(429);
  });

  it('begins anew after a minute', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'performance'] });
    await failUntilThrottled();
    expect((await whoAmI(forged(99))).status).toBe(429);
    jest.advanceTimersByTime(61_000);
    expect((await whoAmI(forged(99))).status).toBe(401);
    jest.useRealTimers();
  });
});

it('nothing is throttled without a limit', async () => {
  const host = await startHost();
  await createTenant(host);
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(host, 'GET', WHOAMI, { key: 'junk' })));
  expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(401));
  await host.app.close();
});
