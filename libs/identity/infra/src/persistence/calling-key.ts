import { type ApiKey, IdentityError } from '@feather-identity/core';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import type { SqlParameters } from './sql-parameters.js';
import type { Steps } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';
import type { TableNames } from './table-names.js';

/** How a calling key is stored by now; null or undefined where the organization has no such key any more. */
export interface CallingKeyState {
  /** Neither revoked nor disabled. */
  readonly accepted: unknown;
  /** With the scopes and the end that the caller was authenticated with. */
  readonly unchanged: unknown;
}

/**
 * SQL that selects the `CallingKeyState` of a key. On PostgreSQL its row stays locked until the transaction ends, so that
 * a change of the key either shows or comes after what is done on its word; on SQLite nothing else writes meanwhile.
 */
export function callingKeyState(
  { apiKeys }: TableNames,
  parameters: SqlParameters,
  organizationId: string,
  caller: ApiKey,
): string {
  const { id, unrestricted, scopes, expiresAt } = toApiKeyRow(caller);
  // Scopes are JSON that may have been edited by hand.
  return (
    'SELECT revoked_at IS NULL AND disabled_at IS NULL AS accepted, ' +
    `unrestricted = ${parameters.mark(unrestricted, 'boolean')} ` +
    `AND replace(scopes, ' ', '') = replace(${parameters.mark(scopes, 'text')}, ' ', '') ` +
    `AND expires_at IS NOT DISTINCT FROM ${parameters.mark(expiresAt, 'timestamptz')} AS unchanged ` +
    `FROM ${apiKeys} WHERE id = ${parameters.mark(id, 'uuid')} ` +
    `AND organization_id = ${parameters.mark(organizationId, 'uuid')}` +
    (parameters.dialect === 'postgres' ? ' FOR SHARE' : '')
  );
}

/** Throws `authentication.required` and `caller.changed` for a key on whose word nothing is done any more. */
export function demandUnchanged<State extends CallingKeyState>(state: State | undefined): asserts state is State {
  if (!state?.accepted) throw new IdentityError('authentication.required', 'The calling key is not accepted any more.');
  if (!state.unchanged) {
    throw new IdentityError(
      'caller.changed',
      'The calling key was changed while this request was under way. Try again.',
    );
  }
}

/** Throws as `demandUnchanged`. In an open transaction, which keeps the key as it is until it ends. */
export function* holdUnchanged(statements: StatementBuilder, organizationId: string, caller: ApiKey): Steps<void> {
  const parameters = statements.parameters();
  const text = callingKeyState(statements.tables, parameters, organizationId, caller);
  const [state] = (yield { text, values: parameters.values }) as readonly unknown[] as readonly CallingKeyState[];
  demandUnchanged(state);
}
