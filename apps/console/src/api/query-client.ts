import { RequestFailed } from '@feather-identity/react';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

/** What a second attempt may mend. */
const TEMPORARY = [0, 503];

/** The cache of answers. `onSignedOut` is called when the service no longer knows the session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof RequestFailed && error.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && error instanceof RequestFailed && TEMPORARY.includes(error.status),
      },
      // A mutation may hold a secret: nothing of it outlives the component that asked.
      mutations: { gcTime: 0 },
    },
  });
}
