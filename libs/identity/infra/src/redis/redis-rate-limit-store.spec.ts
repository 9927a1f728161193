import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RateWindow } from '@feather-identity/core';
import { type RateLimitStoreHarness, rateLimitStoreContract } from '@feather-identity/core/testing';
import { OwnRedis } from '../../testing/own-redis.js';
import { TcpGate } from '../../testing/tcp-gate.js';
import { RedisRateLimitStore, type RedisRateLimitStoreOptions } from './redis-rate-limit-store.js';

/** Makes everything on the server so many milliseconds older. */
const PASS = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key) - ARGV[1]
  if left <= 0 then
    redis.call('DEL', key)
  else
    if redis.call('TYPE', key).ok == 'list' then
      local instants = redis.call('LRANGE', key, 0, -1)
      redis.call('DEL', key)
      for _, instant in ipairs(instants) do redis.call('RPUSH', key, instant - ARGV[1]) end
    end
    redis.call('PEXPIRE', key, left)
  end
end`;

/** However busy this machine is, an answer comes. */
const open = (options: RedisRateLimitStoreOptions) => RedisRateLimitStore.open({ timeLimitMs: 10_000, ...options });

describe('the counts of all instances on Redis', () => {
  let redis: OwnRedis;
  let store: RedisRateLimitStore;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    store = await open({ location: redis.url });
  });

  afterAll(async () => {
    store.close();
    await redis.close();
  });

  const pass: RateLimitStoreHarness['pass'] = async (milliseconds) => {
    await redis.client.eval(PASS, 0, milliseconds);
  };

  beforeEach(() => redis.client.flushall());

  it.each(rateLimitStoreContract.map(({ promise, run }) => [promise, run] as const))('%s', async (_promise, run) => {
    await run({ store, pass });
  });

  it('ask once for all requests of one turn, up to 200, and once for all failures', async () => {
    await store.take([WINDOW]);
    await store.countFailure('a');
    for (const [requests, commands] of [
      [100, 1],
      [450, 3],
    ] as const) {
      await redis.client.config('RESETSTAT');
      await Promise.all(Array.from({ length: requests }, (_, index) => store.take([{ ...WINDOW, id: `${index}` }])));
      expect(await commandsOf(redis)).toBe(commands);
    }
    await redis.client.config('RESETSTAT');
    await Promise.all(Array.from({ length: 60 }, (_, index) => store.countFailure(`${index}`)));
    expect(await commandsOf(redis)).toBe(1);
  });

  it('go on when the server has forgotten the scripts', async () => {
    expect((await store.take([WINDOW])).refusedBy).toBeNull();
    await redis.client.script('FLUSH');
    const verdicts = await Promise.all([store.take([WINDOW]), store.take([WINDOW])]);
    expect(verdicts.map(({ states }) => states[0]?.remaining)).toEqual([WINDOW.limit - 2, WINDOW.limit - 3]);
    await redis.client.script('FLUSH');
    expect((await store.countFailure('a')).failures).toBe(1);
  });

  it('leave nothing on the server for good, no address, and at most 65,536 counters of failures', async () => {
    const window: RateWindow = { ...WINDOW, limit: 3 };
    for (let request = 0; request < 5; request += 1) await store.take([window, { ...window, kind: 'key', id: 'b' }]);
    for (const address of ['192.0.2.1', '192.0.2.2', '32.1.13.184']) await store.countFailure(`keys ${address}`);
    const keys = (await redis.client.keys('*')).sort();
    const failures = keys.filter((key) => /^\{feather\}:f:[\da-f]{4}$/.test(key));
    expect(failures.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !failures.includes(key))).toEqual(['{feather}:k:b', '{feather}:o:a', '{feather}:salt']);
    for (const key of keys) expect([key, (await redis.client.pttl(key)) > 0]).toEqual([key, true]);
    expect(await redis.client.llen('{feather}:o:a')).toBe(3);
  });

  it('count failures of one source together on all instances, in counters that nobody can foresee', async () => {
    const other = await open({ location: redis.url });
    expect((await store.countFailure('a')).failures).toBe(1);
    expect((await other.countFailure('a')).failures).toBe(2);
    const [counter] = await redis.client.keys('*:f:*');
    await redis.client.flushall();
    await other.countFailure('a');
    expect(await redis.client.keys('*:f:*')).not.toEqual([counter]);
    expect((await store.countFailure('a')).failures).toBe(2);
    other.close();
  });

  it('keep the counts of applications with other prefixes, and in other databases, apart', async () => {
    const others = [{ prefix: 'other' }, { location: `${redis.url}/1` }, {}];
    const lefts = [];
    for (const options of others) {
      const other = await open({ location: redis.url, ...options });
      lefts.push((await other.take([WINDOW])).states[0]?.remaining);
      lefts.push((await store.take([WINDOW])).states[0]?.remaining);
      other.close();
    }
    expect(lefts).toEqual([9, 9, 9, 8, 7, 6]);
  });

  it('lock nobody out for longer than a window when the clock of the server is put back, and give nothing away', async () => {
    const later = Array.from({ length: 10 }, (_, index) => Date.now() + 3_600_000 + index);
    await redis.client.rpush('{feather}:o:a', ...later);
    const { refusedBy, states } = await store.take([WINDOW]);
    expect(refusedBy).toBe(0);
    expect(states[0]?.msUntilMore).toBeLessThanOrEqual(60_000);
    await pass(60_000);
    expect((await store.take([WINDOW])).states[0]?.remaining).toBe(9);
  });

  it.each([
    ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['WRONGTYPE', ['SET', '{feather}:o:a', 'text'], ['DEL', '{feather}:o:a']],
    ['ERR', ['ACL', 'SETUSER', 'default', '-rpush'], ['ACL', 'SETUSER', 'default', '+rpush']],
  ])(
    'reject with %s, and count again when that is over',
    async (word, [command = '', ...rest], [undo = '', ...args]) => {
      await redis.client.call(command, ...rest);
      await expect(store.take([WINDOW])).rejects.toThrow(`Redis answered ${word}.`);
      await redis.client.call(undo, ...args);
      expect((await store.take([WINDOW])).refusedBy).toBeNull();
    },
  );

  it.each([
    ['', 'NOAUTH'],
    [':wrong-hunter2@', 'WRONGPASS'],
  ])('reject with what a server that wants a password answers to "%s": %s', async (user, word) => {
    const locked = await OwnRedis.start('hunter2');
    const location = (given: string) => locked.url.replace('//', `//${given}`);
    const refused = await open({ location: location(user) });
    const error: unknown = await refused.take([WINDOW]).catch((reason: unknown) => reason);
    expect(String(error)).toBe(`Error: Redis answered ${word}.`);
    refused.close();
    const opened = await open({ location: location(':hunter2@') });
    expect((await opened.take([WINDOW])).refusedBy).toBeNull();
    opened.close();
    await locked.close();
  });
});

describe('counts on a Redis that is away', () => {
  let redis: OwnRedis;
  let store: RedisRateLimitStore;

  beforeEach(async () => {
    redis = await OwnRedis.start();
  });
  afterEach(async () => {
    store.close();
    await redis.close();
  });

  const take = async (): Promise<unknown> => store.take([WINDOW]).catch((error: unknown) => String(error));
  const counts = async () => {
    while (typeof (await take()) === 'string') await sleep(20);
  };

  it('reject while it is not there, from the start on, and count when it is', async () => {
    await redis.kill();
    store = await RedisRateLimitStore.open({ location: redis.url });
    for (let restart = 0; restart < 2; restart += 1) {
      expect(await take()).toBe('Error: Redis cannot be reached (ECONNREFUSED).');
      await redis.restart();
      await counts();
      await redis.kill();
      while (typeof (await take()) !== 'string');
      await sleep(500);
    }
  });

  it('reject while it hangs, and count when it goes on', async () => {
    store = await RedisRateLimitStore.open({ location: redis.url });
    await store.take([WINDOW]);
    redis.hang();
    const slow = 'Error: Redis did not answer within 50 ms.';
    expect(await Promise.all([take(), take(), store.countFailure('a').catch(String)])).toEqual([slow, slow, slow]);
    redis.goOn();
    await counts();
  });

  // A server that loads a large file answers so; none can be kept in that state for a test.
  it('reject with LOADING, and count on the same connection when that is over', async () => {
    let isLoading = true;
    const server = createServer((client) => {
      const loaded = connect(redis.port, '127.0.0.1');
      client.on('data', (command) => {
        if (isLoading) client.write('-LOADING Redis is loading the dataset in memory\r\n');
        else loaded.write(command);
      });
      client.on('close', () => loaded.destroy());
      loaded.pipe(client);
    }).listen(0, '127.0.0.1');
    server.unref();
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    store = await RedisRateLimitStore.open({ location: `redis://127.0.0.1:${port}` });
    expect([await take(), await take()]).toEqual(Array(2).fill('Error: Redis answered LOADING.'));
    isLoading = false;
    expect(await take()).toMatchObject({ refusedBy: null });
    server.close();
  });

  it('leave a connection whose way is gone for a new one', async () => {
    const gate = await TcpGate.open(new URL(redis.url));
    store = await RedisRateLimitStore.open({ location: `redis://127.0.0.1:${gate.port}` });
    await store.take([WINDOW]);
    gate.lose();
    expect(await take()).toBe('Error: Redis did not answer within 50 ms.');
    await counts();
    await gate.shut();
  });
});

it.each([0, -1, 1.5, Number.NaN, 10_001])('no store has the time limit %d', async (timeLimitMs) => {
  await expect(RedisRateLimitStore.open({ location: 'redis://h', timeLimitMs })).rejects.toThrow(RangeError);
});

it.each(['', 'localhost:6379', 'http://h', 'redis://', 'redis://h/name', 'redis://h?db=1', 'redis://:%@h', 'redis:h'])(
  'no store has the address "%s"',
  async (location) => {
    await expect(RedisRateLimitStore.open({ location })).rejects.toThrow(RangeError);
  },
);

const WINDOW: RateWindow = { kind: 'organization', id: 'a', limit: 10, windowMs: 60_000 };

async function commandsOf({ client }: OwnRedis): Promise<number> {
  const stats = await client.info('commandstats');
  return [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}
