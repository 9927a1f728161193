import type { ApiKey } from '../../domain/api-key.js';
import { secretsOf } from './in-memory-key-changes.js';
import type { InMemoryStore } from './in-memory-store.js';

export function unrevokedKeysOf(store: InMemoryStore, organizationId: string): ApiKey[] {
  const stored = [...store.apiKeys.values()];
  return stored.filter((apiKey) => apiKey.organizationId === organizationId && apiKey.revokedAt === null);
}

/** Whether neither a key nor one of its secrets was made or used since. */
export function isUnused(store: InMemoryStore, apiKey: ApiKey, since: Date): boolean {
  const all = [apiKey, ...secretsOf(store, apiKey.id)];
  return all.every(({ createdAt, lastUsedAt }) => createdAt < since && isBefore(lastUsedAt, since));
}

export function isBefore(lastUsedAt: Date | null, at: Date): boolean {
  return lastUsedAt === null || lastUsedAt < at;
}
