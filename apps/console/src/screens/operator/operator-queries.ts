import type { components } from '@feather-identity/client';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.js';

/** An organization of the installation. */
export type Organization = components['schemas']['OrganizationResponse'];

/** Somebody, or a service, of an organization. */
export type Member = components['schemas']['OrgMemberResponse'];

const PAGE = 50;

/** The names of the newest organizations by id. */
export const organizationNamesQuery = queryOptions({
  queryKey: ['organizations', 'names'],
  queryFn: async (): Promise<ReadonlyMap<string, string>> => {
    const query = { limit: 200 };
    const { items } = await dataOf(api.GET('/v1/operator/organizations', { params: { query } }));
    return new Map(items.map(({ id, name }) => [id, name]));
  },
  staleTime: 60_000,
});

/** Organizations whose name contains a text, newest first. */
export const organizationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['organizations', 'list', search],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(search !== '' && { search }),
        ...(pageParam !== null && { cursor: pageParam }),
      };
      return await dataOf(api.GET('/v1/operator/organizations', { params: { query } }));
    },
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
  });

/** One organization. */
export const organizationQuery = (id: string) =>
  queryOptions({
    queryKey: ['organizations', 'one', id],
    queryFn: async (): Promise<Organization> => {
      const params = { path: { organization_id: id } };
      return await dataOf(api.GET('/v1/operator/organizations/{organization_id}', { params }));
    },
  });

/** The members of an organization, newest first. */
export const organizationMembersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['organizations', 'members', id],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) };
      const params = { path: { organization_id: id }, query };
      return await dataOf(api.GET('/v1/operator/organizations/{organization_id}/members', { params }));
    },
    getNextPageParam: ({ next_cursor: next }) => next ?? null,
  });

/** The keys of an organization, newest first. */
export const organizationKeysQuery = (id: string, revoked: boolean) =>
  infiniteQueryOptions({
    queryKey: ['organizations', 'keys', id, revoked],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(revoked && { include_revoked: true }),
        ...(pageParam !== null && { cursor: pageParam }),
      };
      const params = { path: { organization_id: id }, query };
      return await dataOf(api.GET('/v1/operator/organizations/{organization_id}/api-keys', { params }));
    },
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
  });
