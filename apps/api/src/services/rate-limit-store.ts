import { readFile } from 'node:fs/promises';
import { parseRedisUrl, type RedisLocation, RedisRateLimitStore } from '@feather-identity/infra';
import { EnvironmentError } from '../environment/environment-error.js';
import type { Environment } from '../environment/environment.js';
import { codeOf } from '../environment/error-code.js';

/** Where all instances count together; null if each counts for itself. Throws `EnvironmentError` for a file without it. */
export async function rateLimitLocation({
  rateLimitStore,
  rateLimitStoreFile,
}: Pick<Environment, 'rateLimitStore' | 'rateLimitStoreFile'>): Promise<RedisLocation | null> {
  if (rateLimitStoreFile === null) return rateLimitStore;
  let text: string;
  try {
    text = await readFile(rateLimitStoreFile, 'utf8');
  } catch (error) {
    throw new EnvironmentError([`RATE_LIMIT_STORE_FILE names a file that cannot be read (${codeOf(error)})`]);
  }
  const location = parseRedisUrl(text.trim());
  if (location !== null) return location;
  throw new EnvironmentError([
    'RATE_LIMIT_STORE_FILE: the file must have one line, redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// with TLS',
  ]);
}

/** Connects to where all instances count together; undefined if each counts for itself. The caller closes it. */
export async function openRateLimitStore(env: Environment): Promise<RedisRateLimitStore | undefined> {
  const location = await rateLimitLocation(env);
  if (location === null) return undefined;
  return RedisRateLimitStore.open({ location, timeLimitMs: env.rateLimitStoreTimeoutMs });
}
