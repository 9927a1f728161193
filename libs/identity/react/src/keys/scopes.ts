/** What a caller may hand on. */
export interface Holder {
  readonly unrestricted: boolean;
  readonly scopes: readonly string[];
}

/** A scope that keys can be given. */
export interface KnownScope {
  readonly name: string;
  readonly description: string;
  readonly group: string;
}

/** The scopes of one resource that the caller may grant. */
export interface ScopeResource {
  readonly resource: string;
  readonly group: string;
  readonly actions: readonly { readonly name: string; readonly action: string; readonly description: string }[];
  /** Whether `resource:*` may be granted. */
  readonly wildcard: boolean;
}

/** Letters, digits, `_`, `.` and `-` on both sides; `*` for all actions or everything. */
const SCOPE = /^(?:\*|[A-Za-z0-9_.-]+:(?:\*|[A-Za-z0-9_.-]+))$/;

/** Whether `text` is written like a scope. */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/** Whether the holder has `scope`, by name or by a wildcard. */
export function holds({ unrestricted, scopes }: Holder, scope: string): boolean {
  if (unrestricted || scopes.includes('*') || scopes.includes(scope)) return true;
  const [resource = ''] = scope.split(':');
  return scope !== '*' && scopes.includes(`${resource}:*`);
}

/** Reading comes first, then the rest by name. */
function byAction(a: string, b: string): number {
  if ((a === 'read') !== (b === 'read')) return a === 'read' ? -1 : 1;
  return a.localeCompare(b);
}

/** The scopes that a holder may grant, by resource: those of the catalogue, and its own that the catalogue lacks. */
export function grantable(holder: Holder, catalogue: readonly KnownScope[]): readonly ScopeResource[] {
  const own = holder.scopes
    .filter((scope) => scope !== '*' && catalogue.every(({ name }) => name !== scope))
    .map((name) => ({ name, description: '', group: '' }));
  const byResource = new Map<string, KnownScope[]>();
  for (const scope of [...catalogue.filter(({ name }) => holds(holder, name)), ...own]) {
    const [resource = ''] = scope.name.split(':');
    byResource.set(resource, [...(byResource.get(resource) ?? []), scope]);
  }
  return [...byResource].map(([resource, scopes]) => ({
    resource,
    group: scopes[0]?.group ?? '',
    actions: scopes
      .map(({ name, description }) => ({ name, description, action: name.slice(resource.length + 1) }))
      .filter(({ action }) => action !== '*')
      .sort((a, b) => byAction(a.action, b.action)),
    wildcard: holds(holder, `${resource}:*`),
  }));
}
