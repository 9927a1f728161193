import type { Caller } from '../domain/caller.js';
import { IdentityError } from '../domain/identity-error.js';
import { isPermission } from '../domain/scope-grant.js';

/** Throws `permission.denied`, naming them, for scopes that the caller's key does not hold. */
export function demandScopes({ apiKey }: Pick<Caller, 'apiKey'>, scopes: readonly string[]): void {
  const missing = apiKey.grant.missing(scopes);
  if (missing.length === 0) return;
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  throw new IdentityError('permission.denied', `The API key lacks the scope${missing.length > 1 ? 's' : ''} ${names}.`);
}

/** Throws `api_key.scope_invalid` unless each of these names a permission: nobody can demand a wildcard. */
export function demandPermissionNames(scopes: readonly string[]): void {
  if (!scopes.every(isPermission)) {
    throw new IdentityError('api_key.scope_invalid', 'A scope that is demanded is spelled resource:action.');
  }
}
