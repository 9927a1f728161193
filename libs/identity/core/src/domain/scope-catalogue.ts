import { isDisplayName, isStorableText } from './display-name.js';
import { IdentityError } from './identity-error.js';
import { isPermission } from './scope-grant.js';

/** A scope that the keys of an installation can be given. */
export interface CataloguedScope {
  /** `resource:action`. */
  readonly name: string;
  /** What it allows, for people: at most 1,000 characters. */
  readonly description: string;
  /** What it is listed under: 1 to 255 characters. */
  readonly group: string;
}

const GROUP = 'API keys';

/** The scopes that the identity API itself requires. Every catalogue has them. */
export const IDENTITY_SCOPES: readonly CataloguedScope[] = [
  { name: 'api_keys:read', description: 'List and show keys, and the policy', group: GROUP },
  { name: 'api_keys:manage', description: 'Create, change, rotate and revoke keys', group: GROUP },
  { name: 'api_keys:verify', description: 'Verify keys of the organization', group: GROUP },
  { name: 'members:read', description: 'List the members of the organization', group: GROUP },
  { name: 'audit:read', description: 'Read the audit log', group: GROUP },
  { name: 'usage:read', description: 'Read how often keys are used', group: GROUP },
  { name: 'policies:manage', description: 'Change the policy of the organization', group: GROUP },
];

const MAX_SCOPES = 1000;
const MAX_DESCRIPTION = 1000;

/** The scopes that keys can be given. Keys that hold others, from before, keep them. */
export class ScopeCatalogue {
  /** All scopes: those of the application, then those of the identity API. */
  readonly scopes: readonly CataloguedScope[];
  readonly #names: ReadonlySet<string>;

  /**
   * @param own - the scopes of the application; without them any scope can be given
   * @throws RangeError for an entry that is no `CataloguedScope`, a repeated name, or more than 1,000 entries
   */
  constructor(own?: readonly CataloguedScope[]) {
    this.isEnforced = own !== undefined;
    const added = own === undefined ? [] : checked(own);
    const names = new Set(added.map(({ name }) => name));
    this.scopes = [...added, ...IDENTITY_SCOPES.filter(({ name }) => !names.has(name))];
    this.#names = new Set(this.scopes.map(({ name }) => name));
  }

  /** Whether keys can be given these scopes alone. */
  readonly isEnforced: boolean;

  /**
   * Requires that keys can be given these scopes: those of the catalogue, `resource:*` of a resource that it knows, and `*`.
   *
   * @param held - the scopes that the key has already, which may stay
   * @throws IdentityError `api_key.scope_unknown`, which says where the first unknown scope stands and which one may have
   *   been meant; it does not repeat it, since it may be a secret in the wrong place
   */
  assertKnown(scopes: readonly string[], held: readonly string[] = []): void {
    if (!this.isEnforced) return;
    const at = scopes.findIndex((scope) => !this.knows(scope) && !held.includes(scope));
    if (at === -1) return;
    const meant = this.nearest(scopes[at] ?? '');
    const hint = meant === null ? 'GET /v1/identity/scopes lists them.' : `Did you mean "${meant}"?`;
    throw new IdentityError('api_key.scope_unknown', `scopes[${at}] is not in the catalogue of scopes. ${hint}`);
  }

  private knows(scope: string): boolean {
    if (scope === '*' || this.#names.has(scope)) return true;
    return scope.endsWith(':*') && [...this.#names].some((name) => name.startsWith(scope.slice(0, -1)));
  }

  private nearest(scope: string): string | null {
    let nearest: string | null = null;
    // A third of the letters may differ. Names of other lengths need no look.
    let fewest = Math.floor(scope.length / 3) + 1;
    for (const { name } of this.scopes) {
      if (Math.abs(name.length - scope.length) >= fewest) continue;
      const edits = editsBetween(name, scope);
      if (edits < fewest) [nearest, fewest] = [name, edits];
    }
    return nearest;
  }
}

function checked(scopes: readonly CataloguedScope[]): readonly CataloguedScope[] {
  if (!Array.isArray(scopes)) throw new RangeError('A catalogue of scopes is a list.');
  if (scopes.length > MAX_SCOPES) throw new RangeError(`A catalogue has at most ${MAX_SCOPES} scopes.`);
  const names = new Set<string>();
  return scopes.map((scope: Partial<CataloguedScope> | null, index) => {
    const { name, description, group, ...others } = scope ?? {};
    const fault = (what: string) => new RangeError(`Scope ${index + 1} of the catalogue ${what}.`);
    if (typeof name !== 'string' || !isPermission(name)) throw fault('has no name that is resource:action');
    if (typeof description !== 'string' || description.length > MAX_DESCRIPTION || !isStorableText(description)) {
      throw fault(`(${name}) has no description of at most ${MAX_DESCRIPTION} characters`);
    }
    if (typeof group !== 'string' || !isDisplayName(group))
      throw fault(`(${name}) has no group of 1 to 255 characters`);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw fault(`(${name}) has a field ${JSON.stringify(unknown)}; there is no such one`);
    if (names.has(name)) throw fault(`(${name}) is there twice`);
    names.add(name);
    return { name, description, group };
  });
}

/** The Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
