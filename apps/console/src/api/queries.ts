import type { components } from '@feather-identity/client';
import type { ApiKey, ApiKeyDetail, Granularity, KnownScope } from '@feather-identity/react';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api, dataOf, nextCursorOf } from './client.js';

type Policy = components['schemas']['PolicyResponse'];

/** Seldom changed while somebody looks. */
const SLOW_MS = 5 * 60_000;

/** One key. */
export const keyQuery = (id: string) =>
  queryOptions({
    queryKey: ['keys', 'one', id],
    queryFn: async (): Promise<ApiKeyDetail> =>
      dataOf(api.GET('/v1/identity/api-keys/{key_id}', { params: { path: { key_id: id } } })),
  });

/** The keys that a key has made, revoked ones too. */
export const madeByQuery = (id: string) =>
  queryOptions({
    queryKey: ['keys', 'made-by', id],
    queryFn: async (): Promise<{ readonly keys: readonly ApiKey[]; readonly more: boolean }> => {
      const query = { created_by: id, include_revoked: true, limit: 100 };
      const { data, response } = await answerOf(api.GET('/v1/identity/api-keys', { params: { query } }));
      return { keys: data, more: nextCursorOf(response) !== null };
    },
  });

/** The scopes that keys can be given. */
export const scopesQuery = queryOptions({
  queryKey: ['scopes'],
  queryFn: async (): Promise<{ readonly enforced: boolean; readonly scopes: readonly KnownScope[] }> =>
    dataOf(api.GET('/v1/identity/scopes')),
  staleTime: SLOW_MS,
});

/** What the organization demands of its keys. */
export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: async (): Promise<Policy> => dataOf(api.GET('/v1/identity/policy')),
});

/** The members of the organization by id, as far as they fit on a page. */
export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async () => {
    const query = { limit: 200 };
    const { items } = await dataOf(api.GET('/v1/identity/org/members', { params: { query } }));
    return new Map(items.map((member) => [member.id, member]));
  },
  staleTime: SLOW_MS,
});

/** The use of keys in a span of time. Instants are ISO 8601. */
export interface UsageRequest {
  readonly from: string;
  readonly to?: string;
  readonly granularity: Granularity;
  readonly keys?: readonly string[];
  readonly byKey?: boolean;
}

/** Requests by time, and by key if asked for. */
export const usageQuery = ({ from, to, granularity, keys = [], byKey = false }: UsageRequest) =>
  queryOptions({
    queryKey: ['usage', granularity, from, to, byKey, keys],
    queryFn: async () => {
      const query = {
        from,
        granularity,
        ...(to !== undefined && { to }),
        ...(byKey && { by_key: true }),
        ...(keys.length > 0 && { api_key_id: [...keys] }),
      };
      return await dataOf(api.GET('/v1/identity/usage', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });

/** What happened to a key, newest first. */
export const trailQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'key', id],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = { api_key_id: id, limit: 20, ...(pageParam !== null && { cursor: pageParam }) };
      return await dataOf(api.GET('/v1/identity/audit-events', { params: { query } }));
    },
    getNextPageParam: ({ next_cursor: next }) => next,
  });
