import {
  type DescendantCount,
  type ExpiryNoticeTerms,
  MAX_COUNTED_DESCENDANTS,
} from '../../application/ports/api-key-repository.js';
import type { ApiKeySecret } from '../../domain/api-key-secret.js';
import type { ApiKey } from '../../domain/api-key.js';
import { IdentityError } from '../../domain/identity-error.js';
import { copySecret } from './copies.js';
import type { InMemoryStore } from './in-memory-store.js';

const DAY_MS = 86_400_000;

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

/** The keys that a key made, and those that they made, in the order in which they are found from it; none behind `roots`. */
export function descendantsOf(
  store: InMemoryStore,
  { id, organizationId }: ApiKey,
  roots: readonly string[] = [],
): ApiKey[] {
  const found = [id];
  const made: ApiKey[] = [];
  for (const creator of found) {
    for (const apiKey of store.apiKeys.values()) {
      const isMade = apiKey.createdBy?.type === 'api_key' && apiKey.createdBy.id === creator;
      if (!isMade || apiKey.organizationId !== organizationId || roots.includes(apiKey.id)) continue;
      found.push(apiKey.id);
      made.push(apiKey);
    }
  }
  return made;
}

/** Counts as `DescendantCount` says. */
export function livingAmong(descendants: readonly ApiKey[], at: Date): DescendantCount {
  const counted = descendants.slice(0, MAX_COUNTED_DESCENDANTS);
  const living = counted.filter((apiKey) => apiKey.revokedAt === null && !apiKey.hasExpired(at));
  return { count: living.length, isComplete: counted.length === descendants.length };
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

/** Whether `claimExpiryNotices` claims the notice of a key. */
export function isNoticeDue(store: InMemoryStore, apiKey: ApiKey, terms: ExpiryNoticeTerms): boolean {
  const { now, days, endsAfter } = terms;
  const { id, expiresAt, createdAt, organizationId, memberId } = apiKey;
  const owners = [store.organizations.get(organizationId), store.members.get(memberId)];
  if (!apiKey.isActive(now) || expiresAt === null || owners.some((owner) => owner?.disabledAt !== null)) return false;
  const left = expiresAt.getTime() - now.getTime();
  const lived = expiresAt.getTime() - createdAt.getTime();
  if (expiresAt <= endsAfter || left > days * DAY_MS || lived < days * DAY_MS) return false;
  const made = store.expiryNotices.get(id);
  if (made?.end.getTime() !== expiresAt.getTime() || made.days > days) return true;
  return made.retryAt !== null && made.retryAt <= now;
}

export function isBefore(lastUsedAt: Date | null, at: Date): boolean {
  return lastUsedAt === null || lastUsedAt < at;
}

export function newestFirst(a: Pick<ApiKey, 'createdAt' | 'id'>, b: Pick<ApiKey, 'createdAt' | 'id'>): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
}
