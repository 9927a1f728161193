/** Where the data lives. */
export type DatabaseLocation =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgres'; readonly url: string };

/** Thrown for an address of PostgreSQL that would be followed in part only. The message completes "The address ...". */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** What node-postgres reads of the parameters in an address, but for what this project sets itself. */
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

/** What each new connection is asked for anyway. */
const TARGETS: readonly string[] = ['read-write', 'primary'];

/**
 * Reads `sqlite:PATH`, `postgres://...` or `postgresql://...`.
 *
 * @returns null for anything else.
 * @throws `DatabaseUrlError` for several hosts and for parameters that node-postgres would ignore.
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
    // Of a password with a question mark, this may be the rest.
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
