import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.js';

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
