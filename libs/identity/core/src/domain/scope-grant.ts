import { IdentityError } from './identity-error.js';

/**
 * Bounds of the scopes of a key, which are read on each request, sent in a header to gateways, and listed 1,000 keys at a
 * time. Lengths are in UTF-16 units.
 */
export const MAX_SCOPES = 100;
const MAX_SCOPE_LENGTH = 255;
const MAX_TOTAL_LENGTH = 4096;

const EVERYTHING = '*';
const WORD = '[A-Za-z0-9][A-Za-z0-9_.-]*';
const PERMISSION = new RegExp(`^(${WORD}):${WORD}$`);
const SCOPE = new RegExp(`^(?:\\*|${WORD}:(?:\\*|${WORD}))$`);

/** Faults that a message names one by one. */
const MAX_FAULTS = 5;
/** The grammar of scopes, for descriptions of an API. The patterns are regular expressions as in JSON Schema. */
export const SCOPE_RULES = {
  /** What a key can hold: `resource:action`, `resource:*` or `*`. */
  scopePattern: SCOPE.source,
  /** What can be required of a key: `resource:action`. */
  permissionPattern: PERMISSION.source,
  /** UTF-16 units of one scope. */
  maxLength: MAX_SCOPE_LENGTH,
  /** Scopes of one key, or of one requirement. */
  maxCount: MAX_SCOPES,
} as const;

/** Whether this names one action on one resource: `resource:action`, of letters, digits, `_`, `.` and `-`. */
export function isPermission(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && PERMISSION.test(text);
}

/** Whether a key can hold this: a permission, or one of the wildcards `resource:*` and `*`. */
export function isScope(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && SCOPE.test(text);
}

/**
 * Requires that each text passes a test.
 *
 * @param rule - what a text must be
 * @throws IdentityError `api_key.scope_invalid`, which says of the first five others where they are and what is wrong
 *   with them, and repeats none of them: it may be a secret in the wrong place
 */
export function assertEachScope(scopes: readonly string[], test: (text: string) => boolean, rule: string): void {
  const faults = scopes.flatMap((scope, index) => (test(scope) ? [] : [`scopes[${index}] ${faultOf(scope)}`]));
  if (faults.length === 0) return;
  const more = faults.length > MAX_FAULTS ? ` and ${faults.length - MAX_FAULTS} more are wrong` : '';
  throw new IdentityError('api_key.scope_invalid', `${faults.slice(0, MAX_FAULTS).join(', ')}${more}. ${rule}`);
}

function faultOf(scope: string): string {
  if (scope === '') return 'is empty';
  if (scope.length > MAX_SCOPE_LENGTH) return `has more than ${MAX_SCOPE_LENGTH} characters`;
  const [resource, action, ...more] = scope.split(':');
  if (action === undefined) return scope === EVERYTHING ? 'is a wildcard' : 'has no ":"';
  if (more.length > 0) return 'has more than one ":"';
  if (resource === '') return 'has no resource before ":"';
  if (action === '') return 'has no action after ":"';
  return isScope(scope) ? 'is a wildcard' : 'has a character that may not stand there';
}

/**
 * What a key may do. "Unrestricted" is a flag of its own, and not the absence of scopes: an empty or damaged list of scopes
 * allows nothing.
 */
export class ScopeGrant {
  private constructor(
    readonly unrestricted: boolean,
    /** As clients see them: empty for an unrestricted grant. */
    readonly scopes: readonly string[],
  ) {
    // A grant is shared between requests: no handler may widen it.
    Object.freeze(this);
    Object.freeze(scopes);
  }

  /** The grant that allows everything. */
  static unrestricted(): ScopeGrant {
    return new ScopeGrant(true, []);
  }

  /** A grant of exactly these stored scopes, which are not checked. */
  static of(scopes: readonly string[]): ScopeGrant {
    return new ScopeGrant(false, [...scopes]);
  }

  /**
   * A grant that a client asks for.
   *
   * @throws IdentityError `api_key.scope_invalid` for too many scopes, or a text that is no scope
   */
  static requested(scopes: readonly string[]): ScopeGrant {
    const total = scopes.reduce((sum, scope) => sum + scope.length, 0);
    if (scopes.length > MAX_SCOPES || total > MAX_TOTAL_LENGTH) {
      throw new IdentityError(
        'api_key.scope_invalid',
        `A key takes at most ${MAX_SCOPES} scopes, ${MAX_TOTAL_LENGTH} characters in all. ` +
          `These are ${scopes.length} scopes of ${total} characters.`,
      );
    }
    const rule = 'A scope is resource:action, resource:* or *, of letters, digits, "_", "." and "-".';
    assertEachScope(scopes, isScope, rule);
    return ScopeGrant.of(scopes);
  }

  /**
   * Whether this grant holds a scope: by its exact name, or by a wildcard. Prefixes and other letter cases do not match.
   */
  covers(scope: string): boolean {
    if (this.unrestricted || this.scopes.includes(scope) || this.scopes.includes(EVERYTHING)) return true;
    const [, resource] = PERMISSION.exec(scope) ?? [];
    return resource !== undefined && this.scopes.includes(`${resource}:*`);
  }

  /** The given scopes that this grant does not hold. */
  missing(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => !this.covers(scope));
  }

  /** What the other grant holds and this one does not; `*` if the other one is unrestricted. */
  lacks(other: ScopeGrant): string[] {
    return this.missing(other.unrestricted ? [EVERYTHING] : other.scopes);
  }

  /** What both grants allow. */
  intersect(other: ScopeGrant): ScopeGrant {
    if (this.unrestricted) return other;
    if (other.unrestricted) return this;
    // Of two scopes, one holds the other or they have nothing in common.
    const common = [
      ...other.scopes.filter((scope) => this.covers(scope)),
      ...this.scopes.filter((scope) => other.covers(scope)),
    ];
    return ScopeGrant.of([...new Set(common)]);
  }

  /** Whether both hold the same scopes, in any order. */
  equals(other: ScopeGrant): boolean {
    const sorted = (grant: ScopeGrant) => JSON.stringify([...new Set(grant.scopes)].sort());
    return this.unrestricted === other.unrestricted && sorted(this) === sorted(other);
  }

  /**
   * The grant of a key that the holder of this grant creates.
   *
   * @param requested - the scopes that the new key shall hold; none for the same as this grant
   * @param lacks - as for `assertCovers`
   * @throws IdentityError `api_key.scope_invalid` for a text that is no scope
   * @throws IdentityError `api_key.scope_not_held` for a scope that this grant does not hold
   */
  narrow(requested: readonly string[], lacks?: string): ScopeGrant {
    if (requested.length === 0) return this;
    const grant = ScopeGrant.requested(requested);
    this.assertCovers(grant, lacks);
    return grant;
  }

  /**
   * Requires that this grant holds everything that the other one holds.
   *
   * @param lacks - how the message begins. Default: that the calling key does not hold it
   * @throws IdentityError `api_key.scope_not_held`, which names the scopes that it lacks
   */
  assertCovers(other: ScopeGrant, lacks = 'The calling key does not hold'): void {
    const missing = this.lacks(other);
    if (missing.length === 0) return;
    const names = missing.map((scope) => `"${scope}"`).join(', ');
    const message = `${lacks} the scope${missing.length > 1 ? 's' : ''} ${names}.`;
    throw new IdentityError('api_key.scope_not_held', message);
  }
}
