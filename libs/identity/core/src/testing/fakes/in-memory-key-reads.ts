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

export function newestFirst(a: Pick<ApiKey, 'createdAt' | 'id'>, b: Pick<ApiKey, 'createdAt' | 'id'>): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
}
