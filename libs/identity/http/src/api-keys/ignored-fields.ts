import { ignoredFields } from '@feather-identity/shared-http';

/** The header that names what a request said and the service did not understand. */
export const IGNORED_FIELDS = 'X-Ignored-Fields';

const MAX_NAMES = 10;

/** Short words: what clients call a field, and no header of its own. */
const PLAIN_NAME = /^[A-Za-z_][\w.[\]-]{0,39}$/;

/** Letters and digits, mixed and long: rather a secret in the wrong place than a name. */
const SECRET_LIKE = /(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{16}/;

/**
 * The names of the ignored fields of a request, for a header and the log: at most 10 plain words and the number of all
 * others, as in `scope, expiresAt, +2`. Never a value. Null where nothing was ignored.
 */
export function nameIgnoredFields(request: object): string | null {
  const ignored = ignoredFields(request);
  if (ignored.length === 0) return null;
  const named = ignored.filter((name) => PLAIN_NAME.test(name) && !SECRET_LIKE.test(name)).slice(0, MAX_NAMES);
  const others = ignored.length - named.length;
  return [...named, ...(others > 0 ? [`+${others}`] : [])].join(', ');
}
