import type { ApiKey } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { keyQuery, membersQuery } from '../../api/queries.js';
import { useMay } from '../../session/session.js';

/** Who made a key: by name where the session may know it. */
export function Creator({ by }: { readonly by: ApiKey['created_by'] }): ReactElement {
  const may = useMay();
  const keyId = by?.api_key_id ?? null;
  const userId = by?.user_id ?? null;
  const { data: key } = useQuery({ ...keyQuery(keyId ?? ''), enabled: keyId !== null, staleTime: 5 * 60_000 });
  const { data: members } = useQuery({
    ...membersQuery,
    enabled: keyId === null && userId !== null && may('members:read'),
  });
  if (keyId !== null) {
    return (
      <Link className="above hostile" to="/keys/$keyId" params={{ keyId }}>
        {key?.name ?? 'another key'}
      </Link>
    );
  }
  if (userId !== null) {
    const member = members?.get(userId);
    return <span className="hostile">{member?.display_name ?? member?.email ?? 'a member'}</span>;
  }
  if (by?.type === 'operator') return <span>an operator</span>;
  return <span>{by === null ? 'unknown' : 'the service'}</span>;
}
