import type { ApiKey } from '@feather-identity/react';
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { keyQuery } from '../api/queries.js';
import { useMay, useSession } from '../session/session.js';

const SLOW_MS = 5 * 60_000;

/** Keys that are asked for one by one, because the list does not have them. */
const MOST_ASKED = 20;

/** What is known of a key that only its id names. */
export type KnownKey = Pick<ApiKey, 'name' | 'key_prefix'>;

/** The newest keys by id, revoked ones too. */
export const newestKeysQuery = queryOptions({
  queryKey: ['keys', 'newest'],
  queryFn: async () => {
    const query = { limit: 200, include_revoked: true };
    const keys = await dataOf(api.GET('/v1/identity/api-keys', { params: { query } }));
    return new Map(keys.map((key) => [key.id, key]));
  },
  staleTime: SLOW_MS,
});

/**
 * The keys with these ids, as far as the session may know them.
 *
 * @param ids - the most important first: of those that are not among the newest keys, only the first ones are asked for
 * @param isKnown - of which of them the name is known anyway
 */
export function useKnownKeys(
  ids: readonly string[],
  isKnown: (id: string) => boolean = () => false,
): (id: string) => KnownKey | undefined {
  const session = useSession();
  const mayRead = useMay()('api_keys:read') && session.kind === 'tenant';
  const { data: newest, isPending } = useQuery({ ...newestKeysQuery, enabled: mayRead && ids.length > 0 });
  const own = session.api_key;
  const found = (id: string): KnownKey | undefined => newest?.get(id) ?? (own?.id === id ? own : undefined);
  const missing =
    mayRead && !isPending ? [...new Set(ids)].filter((id) => found(id) === undefined && !isKnown(id)) : [];
  const asked = useQueries({
    queries: missing.slice(0, MOST_ASKED).map((id) => ({ ...keyQuery(id), staleTime: SLOW_MS, retry: false })),
    combine: (results) =>
      new Map(results.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data] as const]))),
  });
  return (id) => found(id) ?? asked.get(id);
}
