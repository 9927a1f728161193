import { type ApiKey, IdentityError } from '@feather-identity/core';
import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import { toApiKeyRow } from '../tables/api-keys.js';
import type { TableNames } from '../tables/tables.js';

/** How a calling key is stored by now; null or undefined where the organization has no such key any more. */
export interface CallingKeyState {
  /** Neither revoked nor disabled, nor is its organization. */
  readonly accepted: unknown;
  /** With the scopes, the end and the current secret that it had when the caller was authenticated. */
  readonly unchanged: unknown;
}

/** SQL that selects the same where there is no calling key to look at. */
export const NO_ISSUER = 'SELECT true AS accepted, true AS unchanged';

/**
 * SQL that selects the `CallingKeyState` of a key. On PostgreSQL its row stays locked until the transaction ends, so that
 * a change of the key either shows or comes after what is done on its word; on SQLite nothing else writes meanwhile.
 */
export function callingKeyState(
  { apiKeys, organizations }: TableNames,
  parameters: SqlParameters,
  organizationId: string,
  caller: ApiKey,
): string {
  const { id, unrestricted, scopes, expiresAt, keyPrefix } = toApiKeyRow(caller);
  // Found by its id alone, which no statistics can make a database doubt. Scopes are JSON that may have been edited by hand.
  return (
    `SELECT organization_id = ${parameters.mark(organizationId, 'uuid')} ` +
    `AND revoked_at IS NULL AND disabled_at IS NULL AND NOT EXISTS (SELECT 1 FROM ${organizations} AS organization ` +
    'WHERE organization.id = api_key.organization_id AND organization.disabled_at IS NOT NULL) AS accepted, ' +
    `unrestricted = ${parameters.mark(unrestricted, 'boolean')} ` +
    `AND replace(scopes, ' ', '') = replace(${parameters.mark(scopes, 'text')}, ' ', '') ` +
    `AND key_prefix = ${parameters.mark(keyPrefix, 'text')} ` +
    `AND expires_at IS NOT DISTINCT FROM ${parameters.mark(expiresAt, 'timestamptz')} AS unchanged ` +
    `FROM ${apiKeys} AS api_key WHERE id = ${parameters.mark(id, 'uuid')}` +
    (parameters.dialect === 'postgres' ? ' FOR SHARE' : '')
  );
}

/** Throws `authentication.required` and `caller.changed` for a key on whose word nothing is done any more. */
export function assertUnchanged<State extends CallingKeyState>(state: State | undefined): asserts state is State {
  if (!state?.accepted) throw new IdentityError('authentication.required', 'The calling key is not accepted any more.');
  if (!state.unchanged) {
    throw new IdentityError(
      'caller.changed',
      'The calling key was changed while this request was under way. Try again.',
    );
  }
}

/** Throws as `assertUnchanged`. In an open transaction, which keeps the key as it is until it ends. */
export function* lockUnchangedCaller(
  statements: StatementBuilder,
  organizationId: string,
  caller: ApiKey,
): Write<void> {
  const parameters = statements.parameters();
  const text = callingKeyState(statements.tables, parameters, organizationId, caller);
  const [state] = (yield { text, values: parameters.values }) as readonly unknown[] as readonly CallingKeyState[];
  assertUnchanged(state);
}
