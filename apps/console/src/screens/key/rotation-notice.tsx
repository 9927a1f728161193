import { Countdown, Notice, Time, useNow, type ApiKeyDetail } from '@feather-identity/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { trailQuery } from '../../api/queries.js';

/** While an old secret is valid beside the new one: for how long, and whether anybody still uses it. */
export function RotationNotice({
  apiKey: key,
  mayReadTrail,
}: {
  readonly apiKey: ApiKeyDetail;
  /** Only the trail says when the rotation was. */
  readonly mayReadTrail: boolean;
}): ReactElement | null {
  const now = useNow('second');
  const end = key.previous_secret_expires_at;
  const trail = useInfiniteQuery({ ...trailQuery(key.id), enabled: mayReadTrail && end !== null });
  if (end === null || Date.parse(end) <= now || key.revoked_at !== null) return null;
  const rotated = trail.data?.pages.flatMap(({ items }) => items).find(({ type }) => type === 'api_key.rotated');
  const last = key.previous_secret_last_used_at;
  const usedBefore = last !== null && rotated !== undefined && Date.parse(last) <= Date.parse(rotated.occurred_at);
  const used = usedBefore ? null : last;
  return (
    <Notice tone={used === null ? 'info' : 'warn'}>
      <strong>
        The old secret works for another <Countdown until={end} />.
      </strong>{' '}
      {used === null ? (
        'Nobody has used it since the rotation.'
      ) : (
        <>
          It was last used <Time at={used} />
          {rotated === undefined ? '.' : ': some application does not have the new one yet.'}
        </>
      )}
    </Notice>
  );
}
