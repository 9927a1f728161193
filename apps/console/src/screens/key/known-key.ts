import type { ApiKey, ApiKeyDetail } from '@feather-identity/react';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

/** A key as the lists that were loaded show it, for the moment until its own answer comes. */
export function keyInLists(queries: QueryClient, id: string): ApiKeyDetail | undefined {
  const lists = queries.getQueriesData<InfiniteData<{ readonly keys: readonly ApiKey[] }>>({
    queryKey: ['keys', 'list'],
  });
  const keys = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.keys) ?? []);
  const known = keys.find((key) => key.id === id);
  return (
    known && {
      ...known,
      revoked_at: known.revoked_at ?? null,
      previous_secret_expires_at: null,
      previous_secret_last_used_at: null,
    }
  );
}
