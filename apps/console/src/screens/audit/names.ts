import type { AuditEvent, AuditNames } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/queries.js';
import { useKnownKeys } from '../../keys/known-keys.js';
import { useMay, useSession } from '../../session/session.js';

/** What the keys and members of events are called. */
export function useAuditNames(events: readonly AuditEvent[]): AuditNames {
  const session = useSession();
  const may = useMay();
  const { data: members } = useQuery({ ...membersQuery, enabled: session.kind === 'tenant' && may('members:read') });
  const ids = events.flatMap(({ api_key_id: key, actor_api_key_id: actor, changes: { cascade_of: maker } }) =>
    [key, actor, maker].filter((id) => typeof id === 'string'),
  );
  const told = namesInEvents(events);
  const key = useKnownKeys(ids, (id) => told.has(id));
  return {
    key: (id) => key(id)?.name ?? told.get(id),
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
