import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '../../session/session.js';

const BY_LINK = ['signed-in-by-link'];

/** Notes that a link has opened the session: whoever followed it may not know whose it is. */
export function noteLink(queries: QueryClient): void {
  queries.setQueryData(BY_LINK, true);
}

/** Whether a link has just opened the session. True once. */
export function cameByLink(queries: QueryClient): boolean {
  const came = queries.getQueryData(BY_LINK) === true;
  queries.removeQueries({ queryKey: BY_LINK });
  return came;
}

/** Whom a session acts for: `the operator`, or `Owner key (Acme)`. */
export function holderOf({ kind, api_key: key, organization }: Session): string {
  if (kind === 'operator') return key === null ? 'the operator' : `${key.name} (operator key)`;
  return [key?.name ?? 'a key', organization === null ? '' : `(${organization.name})`].join(' ').trim();
}
