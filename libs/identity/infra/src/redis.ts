export { RedisRateLimitStore, type RedisRateLimitStoreOptions } from './redis/redis-rate-limit-store.js';
