import { isLabel, readSearch, type ApiKey } from '@feather-identity/react';
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { answerOf, api, nextCursorOf } from '../../api/client.js';
import type { KeysSearch } from './keys-search.js';

const PAGE = 50;
const DAY = 86_400_000;

interface KeysPage {
  readonly keys: readonly ApiKey[];
  readonly next: string | null;
}

async function page(query: object, cursor: string | null): Promise<KeysPage> {
  const all = { limit: PAGE, ...query, ...(cursor !== null && { cursor }) };
  const { data, response } = await answerOf(api.GET('/v1/identity/api-keys', { params: { query: all } }));
  return { keys: data, next: nextCursorOf(response) };
}

/** The list of keys, page by page. `known` is the public part of some key of this service. */
export const keysQuery = (search: KeysSearch, known: string | null) =>
  infiniteQueryOptions({
    queryKey: ['keys', 'list', search],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }): Promise<KeysPage> => {
      const { q = '', status, label, unused, expiring, sort } = search;
      const now = Date.now();
      const filters = {
        ...(status !== undefined && { status }),
        ...(label !== undefined && { label }),
        ...(unused !== undefined && { unused_since: new Date(now - unused * DAY).toISOString() }),
        ...(expiring !== undefined && {
          expires_before: new Date(now + expiring * DAY).toISOString(),
          status: status ?? 'active',
        }),
        ...(sort !== undefined && { sort }),
      };
      const reading = readSearch(q, known);
      if (reading.kind === 'prefix') return await page({ ...filters, key_prefix: reading.prefix }, pageParam);
      const byName = page({ ...filters, ...(q !== '' && { q }) }, pageParam);
      // A word may be a label as well as the beginning of a name: the keys with that label come first.
      const word = q.toLowerCase();
      if (pageParam !== null || label !== undefined || !isLabel(word)) return await byName;
      const [named, labelled] = await Promise.all([byName, page({ ...filters, label: word }, null)]);
      return { keys: [...labelled.keys, ...named.keys], next: named.next };
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });

/** The keys of all pages, each once. */
export function keysOf(pages: readonly KeysPage[]): readonly ApiKey[] {
  return [...new Map(pages.flatMap(({ keys }) => keys).map((key) => [key.id, key])).values()];
}
