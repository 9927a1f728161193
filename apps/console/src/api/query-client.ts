import { RequestFailed } from '@feather-identity/react';
import { QueryClient } from '@tanstack/react-query';

/** What a second attempt may mend. */
const TEMPORARY = [0, 503];

/** The cache of answers. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && error instanceof RequestFailed && TEMPORARY.includes(error.status),
      },
    },
  });
}
