import { IdentityError } from './identity-error.js';

/**
 * The scopes of a key are read on each of its requests, stand in a header for gateways, and 1,000 keys in one list: these
 * bounds keep that cheap. Characters are UTF-16 units.
 */
const MAX_SCOPES = 100;
const MAX_SCOPE_LENGTH = 255;
const MAX_TOTAL_LENGTH = 4096;

const EVERYTHING = '*';
const WORD = '[A-Za-z0-9][A-Za-z0-9_.-]*';
const PERMISSION = new RegExp(`^(${WORD}):${WORD}$`);
const SCOPE = new RegExp(`^(?:\\*|${WORD}:(?:\\*|${WORD}))$`);

/** Whether this names one action on one resource: `resource:action`, letters, digits, `_`, `.` and `-`. */
export function isPermission(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && PERMISSION.test(text);
}

/** Whether a key can be given this: a permission, or the wildcards `resource:*` and `*`. */
export function isScope(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && SCOPE.test(text);
}

/**
 * What a key may do. "Unrestricted" is a flag of its own and never the absence of scopes, so that an empty or damaged
 * scope list means nothing is allowed.
 */
export class ScopeGrant {
  private constructor(
    readonly unrestricted: boolean,
    /** Shown to clients; empty for an unrestricted grant, as the Feather API does. */
    readonly scopes: readonly string[],
  ) {
    // A grant is shared between requests: no handler may widen it.
    Object.freeze(this);
    Object.freeze(scopes);
  }

  static unrestricted(): ScopeGrant {
    return new ScopeGrant(true, []);
  }

  static of(scopes: readonly string[]): ScopeGrant {
    return new ScopeGrant(false, [...scopes]);
  }

  /** A grant as a client asks for it. Throws `api_key.scope_invalid` for too many scopes and for text that is none. */
  static requested(scopes: readonly string[]): ScopeGrant {
    const total = scopes.reduce((sum, scope) => sum + scope.length, 0);
    if (scopes.length > MAX_SCOPES || total > MAX_TOTAL_LENGTH || !scopes.every(isScope)) {
      throw new IdentityError(
        'api_key.scope_invalid',
        `A key takes at most ${MAX_SCOPES} scopes of at most ${MAX_SCOPE_LENGTH} characters, ${MAX_TOTAL_LENGTH} in all: ` +
          'resource:action, resource:* or *, of letters, digits, "_", "." and "-".',
      );
    }
    return ScopeGrant.of(scopes);
  }

  /**
   * Whether this grant holds a scope: by its very name, or by a wildcard that was given to the key. Nothing else
   * matches, such as a prefix or another case.
   */
  covers(scope: string): boolean {
    if (this.unrestricted || this.scopes.includes(scope) || this.scopes.includes(EVERYTHING)) return true;
    const [, resource] = PERMISSION.exec(scope) ?? [];
    return resource !== undefined && this.scopes.includes(`${resource}:*`);
  }

  /** Those of the given scopes that this grant does not hold. */
  missing(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => !this.covers(scope));
  }

  /** What another grant holds and this one does not; `*` stands for being unrestricted. */
  lacks(other: ScopeGrant): string[] {
    return this.missing(other.unrestricted ? [EVERYTHING] : other.scopes);
  }

  /** Whether both hold the same scopes, in whatever order. */
  equals(other: ScopeGrant): boolean {
    const sorted = (grant: ScopeGrant) => JSON.stringify([...new Set(grant.scopes)].sort());
    return this.unrestricted === other.unrestricted && sorted(this) === sorted(other);
  }

  /**
   * The grant that the holder of this one gives away: exactly the holder's own when nothing is asked for, otherwise what
   * is asked for. Throws `api_key.scope_invalid`, and `api_key.scope_not_held` for a scope outside this grant.
   */
  narrow(requested: readonly string[]): ScopeGrant {
    if (requested.length === 0) return this;
    const grant = ScopeGrant.requested(requested);
    this.demand(grant);
    return grant;
  }

  /** Throws `api_key.scope_not_held`, naming the first scope of `other` that this grant does not hold. */
  demand(other: ScopeGrant): void {
    const [missing] = this.lacks(other);
    if (missing !== undefined) {
      throw new IdentityError('api_key.scope_not_held', `The calling key does not hold the scope "${missing}".`);
    }
  }
}
