import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type RateLimitStoreHarness, rateLimitStoreContract } from '@feather-identity/core/testing';
import { OwnRedis } from '../../testing/own-redis.js';
import { RedisRateLimitStore } from './redis-rate-limit-store.js';

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

describe('the counts of all instances on Redis', () => {
  let redis: OwnRedis;
  let store: RedisRateLimitStore;

  beforeAll(async () => {
    redis = await OwnRedis.start();
    store = await RedisRateLimitStore.open({ location: redis.url });
  });

  afterAll(async () => {
    store.close();
    await redis.close();
  });

  const pass: RateLimitStoreHarness['pass'] = async (milliseconds) => {
    await redis.client.eval(PASS, 0, milliseconds);
  };

  it.each(rateLimitStoreContract.map(({ promise, run }) => [promise, run] as const))('%s', async (_promise, run) => {
    await redis.client.flushall();
    await run({ store, pass });
  });
});
