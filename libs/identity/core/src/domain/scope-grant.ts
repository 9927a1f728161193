import { IdentityError } from './identity-error.js';
import { isStorableText } from './storable-text.js';

/** The scopes of a key are read on each of its requests; these bounds keep that cheap. Characters are UTF-16 units. */
const MAX_SCOPES = 100;
const MAX_SCOPE_LENGTH = 255;

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

  /**
   * The grant of a key minted by the holder of this one: exactly the holder's own when nothing is asked for, otherwise
   * what is asked for. Throws `api_key.scope_not_held` for a scope outside this grant and `api_key.scope_invalid` for
   * too many or too long ones and for text that no database stores unchanged.
   */
  narrow(requested: readonly string[]): ScopeGrant {
    if (requested.length === 0) return this;
    if (requested.length > MAX_SCOPES || !requested.every(isScope)) {
      throw new IdentityError(
        'api_key.scope_invalid',
        `A key takes at most ${MAX_SCOPES} scopes of at most ${MAX_SCOPE_LENGTH} characters, without NUL characters ` +
          'or lone surrogates.',
      );
    }
    const missing = this.unrestricted ? undefined : requested.find((scope) => !this.scopes.includes(scope));
    if (missing !== undefined) {
      throw new IdentityError('api_key.scope_not_held', `The calling key does not hold the scope "${missing}".`);
    }
    return ScopeGrant.of(requested);
  }
}

function isScope(text: string): boolean {
  return text.length <= MAX_SCOPE_LENGTH && isStorableText(text);
}
