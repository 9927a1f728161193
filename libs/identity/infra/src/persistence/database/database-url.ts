/** Where a database is: the path of a SQLite file, or the URL of a PostgreSQL server. */
export type DatabaseLocation =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgres'; readonly url: string };

/** Thrown for an address that would lead elsewhere than it says. The message completes "The address ...". */
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
 * @throws DatabaseUrlError for several hosts, for parameters that node-postgres would ignore, for a `%` that encodes
 *   nothing, and for a SQLite path that is written as a URL, with parameters or with `~`
 * @example
 * ```ts
 * parseDatabaseUrl('sqlite:data/identity.db'); // { type: 'sqlite', path: 'data/identity.db' }
 * ```
 */
export function parseDatabaseUrl(text: string): DatabaseLocation | null {
  if (text.startsWith('sqlite:')) {
    const path = text.slice('sqlite:'.length);
    if (path === '' || path.startsWith(':')) return null;
    checkPath(path);
    return { type: 'sqlite', path };
  }
  const [, authority] = /^postgres(?:ql)?:\/\/([^/?#]*)./.exec(text) ?? [];
  if (authority === undefined) return null;
  // As libpq takes them, `h1:5432,h2:5432`, which is no URL.
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) throw severalHosts();
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  checkEncoding(url);
  checkParameters(url);
  return { type: 'postgres', url: text };
}

/** Other programs give these spellings a meaning that this one does not share: with it they would name another file. */
function checkPath(path: string): void {
  const example = 'write sqlite:./data/identity.db or sqlite:/srv/feather/identity.db';
  if (path.startsWith('//'))
    throw new DatabaseUrlError(`has slashes behind sqlite: that are no part of a path: ${example}`);
  if (path.startsWith('file:'))
    throw new DatabaseUrlError(`has file: behind sqlite: where the path begins: ${example}`);
  if (path.startsWith('~')) throw new DatabaseUrlError(`has a ~, which is not replaced here: ${example}`);
  if (path.includes('?')) throw new DatabaseUrlError(`has a ?, but a SQLite file takes no parameters: ${example}`);
}

/** The driver decodes these parts, and would only say "URI malformed". */
function checkEncoding({ username, password, pathname }: URL): void {
  for (const [part, text] of Object.entries({ user: username, password, database: pathname })) {
    try {
      decodeURIComponent(text);
    } catch {
      throw new DatabaseUrlError(`has a % in its ${part} that encodes nothing: write %25 for a percent sign`);
    }
  }
}

function checkParameters({ hostname, searchParams }: URL): void {
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    // The name may be the rest of a password with a question mark: do not repeat it.
    const name = /^\w+$/.test(unknown) ? `the parameter ${unknown}` : 'a parameter';
    throw new DatabaseUrlError(`has ${name} that has no effect here: remove it`);
  }
  const hosts = [hostname, ...searchParams.getAll('host')].filter((host) => host !== '');
  if (hosts.length > 1 || hosts.some((host) => host.includes(','))) throw severalHosts();
  if (searchParams.getAll('target_session_attrs').every((target) => TARGETS.includes(target))) return;
  throw new DatabaseUrlError(`takes target_session_attrs=${TARGETS.join(' or ')}: keys are written, not only read`);
}

/** ADR 46: the first that can be written to may be an old primary, which does not know the latest revocations. */
function severalHosts(): DatabaseUrlError {
  return new DatabaseUrlError(
    'names several hosts, and one that accepts writes may be an old primary: name one address that always leads to the ' +
      'primary, such as HAProxy that asks Patroni, or a DNS name (docs/operating/postgresql.md, Fail-over)',
  );
}
