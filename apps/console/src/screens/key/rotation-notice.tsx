import { Countdown, Notice, Time, useNow, type ApiKeyDetail } from '@feather-identity/react';
import type { ReactElement } from 'react';

/** While an old secret is valid beside the new one: for how long, and whether anybody still uses it. */
export function RotationNotice({ apiKey: key }: { readonly apiKey: ApiKeyDetail }): ReactElement | null {
  const now = useNow('second');
  const end = key.previous_secret_expires_at;
  if (end === null || Date.parse(end) <= now || key.revoked_at !== null) return null;
  const used = key.previous_secret_last_used_at;
  return (
    <Notice tone={used === null ? 'info' : 'warn'}>
      <strong>
        The old secret works for another <Countdown until={end} />.
      </strong>{' '}
      {used === null ? (
        'Nobody has used it since the rotation.'
      ) : (
        <>
          It was last used <Time at={used} />: some application does not have the new one yet.
        </>
      )}
    </Notice>
  );
}
