import { oneOf, present, text, whole, type Raw } from '../../search-params.js';

/** States that the list can be narrowed to. */
export const STATUSES = ['active', 'disabled', 'expired', 'revoked'] as const;

/** Orders of the list; the first is the default. */
export const SORTS = ['created_at', 'name', 'last_used_at', 'expires_at'] as const;

/** What the list of keys shows. A pasted key is never in it: only its public part is. */
export interface KeysSearch {
  readonly q?: string;
  readonly status?: (typeof STATUSES)[number];
  readonly label?: string;
  /** Keys that nobody has used for so many days. */
  readonly unused?: number;
  /** Keys that end within so many days. */
  readonly expiring?: number;
  readonly sort?: (typeof SORTS)[number];
}

/** Other values of some parameters; `undefined` takes one away. */
export type KeysChange = { readonly [Name in keyof KeysSearch]?: KeysSearch[Name] | undefined };

/** Reads the parameters of the list. */
export function keysSearch(search: Raw): KeysSearch {
  return present({
    q: text(search['q']),
    status: oneOf(search['status'], STATUSES),
    label: text(search['label'], 63),
    unused: whole(search['unused'], 1, 3650),
    expiring: whole(search['expiring'], 1, 3650),
    sort: oneOf(search['sort'], SORTS),
  });
}
