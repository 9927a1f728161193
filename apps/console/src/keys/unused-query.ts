import type { ApiKey } from '@feather-identity/react';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';

/** Up to how many unused keys are counted. */
export const MOST_UNUSED = 50;

const DAY = 86_400_000;

/** Keys that work, but were not used for so many days; one more than are counted, if there are more. */
export const unusedQuery = (days: number) =>
  queryOptions({
    queryKey: ['keys', 'unused', days],
    queryFn: async (): Promise<readonly ApiKey[]> => {
      const query = {
        status: 'active' as const,
        unused_since: new Date(Date.now() - days * DAY).toISOString(),
        limit: MOST_UNUSED + 1,
      };
      return await dataOf(api.GET('/v1/identity/api-keys', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });
