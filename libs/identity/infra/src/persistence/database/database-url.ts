/** Where a database is: the path of a SQLite file, or the URL of a PostgreSQL server. */
export type DatabaseLocation =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgres'; readonly url: string };

/** Thrown for a PostgreSQL URL of which a part would be ignored. The message completes "The address ...". */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** The URL parameters that node-postgres reads, without those that this project sets itself. */
const PARAMETERS: readonly string[] = [
  'application_name',
  'fallback_application_name',
  'host',
  'options',
  'password',
  'port',
  'ssl',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslrootcert',
  'target_session_attrs',
  'uselibpqcompat',
  'user',
];

/** Values of `target_session_attrs` that ask for what each new connection is checked for anyway. */
const TARGETS: readonly string[] = ['read-write', 'primary'];

/**
 * Reads the address of a database.
 *
 * @param text - `sqlite:PATH`, `postgres://...` or `postgresql://...`
 * @returns null for any other text
 * @throws DatabaseUrlError for several hosts, and for parameters that node-postgres would ignore
 * @example
 * ```ts
 * parseDatabaseUrl('sqlite:data/identity.db'); // { type: 'sqlite', path: 'data/identity.db' }
 * ```
 */
export function parseDatabaseUrl(text: string): DatabaseLocation | null {
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length);
    return path === '' || path.startsWith(':') ? null : { type: 'sqlite', path };
  }
  if (!/^postgres(?:ql)?:\/\/./.test(text) || !URL.canParse(text)) return null;
  checkParameters(new URL(text));
  return { type: 'postgres', url: text };
}

function checkParameters({ hostname, searchParams }: URL): void {
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    // The name may be the rest of a password with a question mark: do not repeat it.
    const name = /^\w+$/.test(unknown) ? `the parameter ${unknown}` : 'a parameter';
    throw new DatabaseUrlError(`has ${name} that has no effect here: remove it`);
  }
  const hosts = [hostname, ...searchParams.getAll('host')].filter((host) => host !== '');
  if (hosts.length > 1 || hosts.some((host) => host.includes(','))) {
    throw new DatabaseUrlError('names several hosts: name one that leads to the primary');
  }
  if (searchParams.getAll('target_session_attrs').every((target) => TARGETS.includes(target))) return;
  throw new DatabaseUrlError(`takes target_session_attrs=${TARGETS.join(' or ')}: keys are written, not only read`);
}
