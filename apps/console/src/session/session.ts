import { holds, RequestFailed } from '@feather-identity/react';
import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { request } from '../api/client.js';

/** Who is signed in, and what they may do. */
export interface Session {
  readonly id: string;
  readonly kind: 'tenant' | 'operator';
  readonly scopes: readonly string[];
  readonly unrestricted: boolean;
  readonly organization: { readonly id: string; readonly name: string } | null;
  readonly api_key: { readonly id: string; readonly name: string; readonly key_prefix: string } | null;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
  /** In lists: whether it is the session that asks. */
  readonly current?: boolean;
}

/** The session of the cookie; null if there is none. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      return await request<Session>('GET', 'session');
    } catch (error) {
      if (error instanceof RequestFailed && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** Set by the frame of every page that needs a session. */
export const SessionContext = createContext<Session | null>(null);

/** The session of a page that needs one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('This page needs a session.');
  return session;
}

/** Whether the session holds a scope. Hides what would be refused; the service decides. */
export function useMay(): (scope: string) => boolean {
  const session = useSession();
  return (scope) => holds(session, scope);
}
