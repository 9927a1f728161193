import { type ApiKey, IdentityError } from '@feather-identity/core';
import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import { toApiKeyRow } from '../tables/api-keys.js';
import type { TableNames } from '../tables/tables.js';

/** Whether the key that authorizes a change is still what it was when its request was authenticated. */
interface CallingKeyState {
  /** False when the key is revoked or disabled, its organization is disabled, or it is another organization's key. */
  readonly accepted: unknown;
  /** False when its scopes, end, limits, networks or current secret have changed. */
  readonly unchanged: unknown;
}

/** SQL that selects the state of a change that no key authorizes. */
export const NO_ISSUER = 'SELECT true AS accepted, true AS unchanged';

/**
 * SQL that selects the `CallingKeyState` of a key, or no row for a key that does not exist. On PostgreSQL it locks the row
 * until the transaction ends: a change of the key is either visible here or happens after the commit. On SQLite nothing
 * else writes meanwhile.
 */
export function callingKeyState(
  { apiKeys, members, organizations }: TableNames,
  parameters: SqlParameters,
  organizationId: string,
  caller: ApiKey,
): string {
  const { id, unrestricted, scopes, expiresAt, keyPrefix, ...row } = toApiKeyRow(caller);
  const bounds = [
    `rate_limit_requests IS NOT DISTINCT FROM ${parameters.mark(row.rateLimitRequests, 'integer')}`,
    `rate_limit_seconds IS NOT DISTINCT FROM ${parameters.mark(row.rateLimitSeconds, 'integer')}`,
    `quota_requests IS NOT DISTINCT FROM ${parameters.mark(row.quotaRequests, 'integer')}`,
    `quota_period IS NOT DISTINCT FROM ${parameters.mark(row.quotaPeriod, 'text')}`,
    `allowed_networks IS NOT DISTINCT FROM ${parameters.mark(row.allowedNetworks, 'text')}`,
  ].join(' AND ');
  // By id alone, so that every planner uses the primary key. Scopes are JSON that may have been edited by hand.
  return (
    `SELECT organization_id = ${parameters.mark(organizationId, 'uuid')} ` +
    `AND revoked_at IS NULL AND disabled_at IS NULL AND NOT EXISTS (SELECT 1 FROM ${organizations} AS organization ` +
    'WHERE organization.id = api_key.organization_id AND organization.disabled_at IS NOT NULL) ' +
    `AND NOT EXISTS (SELECT 1 FROM ${members} AS member ` +
    'WHERE member.id = api_key.member_id AND member.disabled_at IS NOT NULL) AS accepted, ' +
    `unrestricted = ${parameters.mark(unrestricted, 'boolean')} ` +
    `AND replace(scopes, ' ', '') = replace(${parameters.mark(scopes, 'text')}, ' ', '') ` +
    `AND key_prefix = ${parameters.mark(keyPrefix, 'text')} ` +
    `AND ${bounds} ` +
    `AND expires_at IS NOT DISTINCT FROM ${parameters.mark(expiresAt, 'timestamptz')} AS unchanged ` +
    `FROM ${apiKeys} AS api_key WHERE id = ${parameters.mark(id, 'uuid')}` +
    (parameters.dialect === 'postgres' ? ' FOR SHARE' : '')
  );
}

/** Locks the calling key until the open transaction ends, and checks it as `assertUnchanged`. */
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

/** Throws `authentication.required` or `caller.changed` unless the key may still authorize the change. */
function assertUnchanged(state: CallingKeyState | undefined): void {
  if (!state?.accepted) throw new IdentityError('authentication.required', 'The calling key is not accepted any more.');
  if (!state.unchanged) {
    throw new IdentityError(
      'caller.changed',
      'The calling key was changed while this request was under way. Try again.',
    );
  }
}
