export { parseRedisUrl, type RedisLocation, redisName } from './redis/redis-url.js';
export { RedisRateLimitStore, type RedisRateLimitStoreOptions } from './redis/redis-rate-limit-store.js';
