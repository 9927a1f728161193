import type { Caller } from '../../domain/caller.js';
import { IdentityError } from '../../domain/identity-error.js';
import { assertEachScope, isPermission, MAX_SCOPES } from '../../domain/scope-grant.js';

/**
 * Requires that the caller's key holds these scopes.
 *
 * @throws IdentityError `permission.denied`, which names the scopes that it lacks
 */
export function assertScopes({ apiKey }: Pick<Caller, 'apiKey'>, scopes: readonly string[]): void {
  const missing = apiKey.grant.missing(scopes);
  if (missing.length === 0) return;
  const names = missing.map((scope) => `"${scope}"`).join(', ');
  throw new IdentityError('permission.denied', `The API key lacks the scope${missing.length > 1 ? 's' : ''} ${names}.`);
}

/**
 * Requires that each of these texts names a permission: a wildcard can be held, but not required.
 *
 * @throws IdentityError `api_key.scope_invalid`, also for more than 100 texts
 */
export function assertPermissionNames(scopes: readonly string[]): void {
  if (scopes.length > MAX_SCOPES) {
    const message = `At most ${MAX_SCOPES} scopes can be required, not ${scopes.length}.`;
    throw new IdentityError('api_key.scope_invalid', message);
  }
  assertEachScope(scopes, isPermission, 'A scope that is required is spelled resource:action, without wildcards.');
}
