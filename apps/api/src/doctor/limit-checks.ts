import { randomUUID } from 'node:crypto';
import { redisName } from '@feather-identity/infra';
import { EnvironmentError } from '../environment/environment-error.js';
import type { Environment } from '../environment/environment.js';
import { openRateLimitStore, rateLimitLocation } from '../services/rate-limit-store.js';
import { type Check, checksOf } from './check.js';

/** Whether the instances can count together. */
export async function limitChecks(env: Environment): Promise<Check[]> {
  const { ok, problem } = checksOf('limits');
  try {
    const location = await rateLimitLocation(env);
    const store = await openRateLimitStore(env);
    if (location === null || store === undefined) return [ok('each instance counts for itself')];
    try {
      // In a window of its own, which is gone after a second.
      await store.take([{ kind: 'key', id: `doctor-${randomUUID()}`, limit: 1, windowMs: 1000 }]);
      return [ok(`${redisName(location)} counts for all instances`)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [
        problem(`RATE_LIMIT_STORE, ${redisName(location)}: ${reason} Each instance counts for itself until it does`),
      ];
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof EnvironmentError) return [problem(error.message)];
    throw error;
  }
}
