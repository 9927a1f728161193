import type { Caller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import { isPermission } from '../../domain/scope-grant.js';

/** Throws `permission.denied`, naming them, for scopes that the caller's key does not hold. */
export function assertScopes({ apiKey }: Pick<Caller, 'apiKey'>, scopes: readonly string[]): void {
  const missing = apiKey.grant.missing(scopes);
  if (missing.length === 0) return;
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  throw new IdentityError('permission.denied', `The API key lacks the scope${missing.length > 1 ? 's' : ''} ${names}.`);
}

/** As many as a key may have. */
const MAX_SCOPES = 100;

/** Throws `api_key.scope_invalid` unless each of these names a permission, for too many too: nobody can demand a wildcard. */
export function assertPermissionNames(scopes: readonly string[]): void {
  if (scopes.length > MAX_SCOPES || !scopes.every(isPermission)) {
    const message = `At most ${MAX_SCOPES} scopes can be demanded, each spelled resource:action.`;
    throw new IdentityError('api_key.scope_invalid', message);
  }
}
