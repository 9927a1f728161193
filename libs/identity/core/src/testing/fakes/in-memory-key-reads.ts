import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import { copySecret } from './copies.js';
import type { InMemoryStore } from './in-memory-store.js';

export function unrevokedKeysOf(store: InMemoryStore, organizationId: string): ApiKey[] {
  const stored = [...store.apiKeys.values()];
  return stored.filter((apiKey) => apiKey.organizationId === organizationId && apiKey.revokedAt === null);
}

/** Throws `api_key.limit_reached` where the organization has `maxKeys` keys that count at this instant. */
export function assertRoom(store: InMemoryStore, organizationId: string, at: Date, maxKeys = Infinity): void {
  const counted = unrevokedKeysOf(store, organizationId).filter((apiKey) => !apiKey.hasExpired(at));
  if (counted.length < maxKeys) return;
  throw new IdentityError('api_key.limit_reached', 'The organization has as many API keys as it may.');
}

/** The secrets of a key, oldest first. */
export function secretsOf(store: InMemoryStore, apiKeyId: string): ApiKeySecret[] {
  return [...store.secrets.values()]
    .filter((secret) => secret.apiKeyId === apiKeyId)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(copySecret);
}

/** Whether neither a key nor one of its secrets was made or used since. */
export function isUnused(store: InMemoryStore, apiKey: ApiKey, since: Date): boolean {
  const all = [apiKey, ...secretsOf(store, apiKey.id)];
  return all.every(({ createdAt, lastUsedAt }) => createdAt < since && isBefore(lastUsedAt, since));
}

export function isBefore(lastUsedAt: Date | null, at: Date): boolean {
  return lastUsedAt === null || lastUsedAt < at;
}

export function newestFirst(a: Pick<ApiKey, 'createdAt' | 'id'>, b: Pick<ApiKey, 'createdAt' | 'id'>): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
}
