import type { AuditEvent, AuditNames } from '@feather-identity/react';
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../../api/client.js';
import { keyQuery, membersQuery } from '../../api/queries.js';
import { useMay, useSession } from '../../session/session.js';

const SLOW_MS = 5 * 60_000;

/** Keys that are asked for one by one, because the list does not have them. */
const MOST_ASKED = 20;

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

/** What keys are called, as far as the session may know. */
export function useKeyNames(
  ids: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): (id: string) => string | undefined {
  const session = useSession();
  const mayRead = useMay()('api_keys:read') && session.kind === 'tenant';
  const { data: newest, isPending } = useQuery({ ...newestKeysQuery, enabled: mayRead && ids.length > 0 });
  const own = session.api_key;
  const nameOf = (id: string): string | undefined =>
    newest?.get(id)?.name ?? (own?.id === id ? own.name : undefined) ?? known.get(id);
  const missing = mayRead && !isPending ? [...new Set(ids)].filter((id) => nameOf(id) === undefined) : [];
  const asked = useQueries({
    queries: missing.slice(0, MOST_ASKED).map((id) => ({ ...keyQuery(id), staleTime: SLOW_MS, retry: false })),
    combine: (results) => new Map(results.map(({ data }) => [data?.id, data?.name])),
  });
  return (id) => nameOf(id) ?? asked.get(id);
}

/** What the keys and members of events are called. */
export function useAuditNames(events: readonly AuditEvent[]): AuditNames {
  const session = useSession();
  const may = useMay();
  const { data: members } = useQuery({ ...membersQuery, enabled: session.kind === 'tenant' && may('members:read') });
  const ids = events.flatMap(({ api_key_id: key, actor_api_key_id: actor, changes: { cascade_of: maker } }) =>
    [key, actor, maker].filter((id) => typeof id === 'string'),
  );
  const key = useKeyNames(ids, namesInEvents(events));
  return {
    key,
    member: (id) => {
      const member = members?.get(id);
      return member === undefined ? undefined : (member.display_name ?? member.email ?? member.clerk_user_id);
    },
  };
}

/** Names of keys that the events themselves tell; the newest one counts. */
function namesInEvents(events: readonly AuditEvent[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { api_key_id: id, type, changes } of events) {
    const name = type.startsWith('organization.') ? changes['first_key_name'] : changes['name'];
    if (id !== null && type !== 'escalation.denied' && typeof name === 'string' && !names.has(id)) names.set(id, name);
  }
  return names;
}
