import { IdentityError } from '@feather-identity/core';
import type { SqlParameters, Statement, StatementBuilder, Write } from '../sql/sql.js';
import type { TableNames } from '../tables/tables.js';

/** One more key of an organization. */
export interface CountedKey {
  readonly organizationId: string;
  /** Keys that have expired by then do not count. */
  readonly at: Date;
  /** Most keys that the organization may have, this one included; undefined for no limit. */
  readonly maxKeys: number | undefined;
}

/**
 * SQL that counts more keys of an organization, or changes no row where there would be more than are allowed, or their
 * number is not known.
 *
 * `organizations.live_keys` is never less than the number of keys that count. Whatever adds a key that counts raises
 * it, under the lock of the organization's row until the commit; nothing lowers it, since revoked and expired keys may
 * be counted for too long without harm. Where it reaches the limit, `recount` sets it to the true number. NULL stands
 * for unknown.
 *
 * @param condition - what stands before the last condition: `WHERE`, or a FROM and further conditions that end in `AND`
 */
export function countMore(
  { organizations }: TableNames,
  parameters: SqlParameters,
  { organizationId, maxKeys, keys }: Omit<CountedKey, 'at'> & { readonly keys: number },
  condition = 'WHERE',
): string {
  const most = maxKeys === undefined ? '' : ` AND live_keys <= ${parameters.mark(maxKeys - keys, 'integer')}`;
  return (
    `UPDATE ${organizations} SET live_keys = live_keys + ${parameters.mark(keys, 'integer')} ${condition} ` +
    `id = ${parameters.mark(organizationId, 'uuid')}${most} RETURNING id`
  );
}

/** Counts one more key. Throws `api_key.limit_reached`. In an open transaction. */
export function* admitKey(statements: StatementBuilder, key: CountedKey): Write<void> {
  const count = function* (): Write<boolean> {
    const parameters = statements.parameters();
    const text = countMore(statements.tables, parameters, { ...key, keys: 1 });
    return (yield { text, values: parameters.values }).length > 0;
  };
  if (yield* count()) return;
  yield* recount(statements, key);
  yield* count();
}

/**
 * Counts the keys of an organization anew, and answers how many more it may have. The organization's row stays locked
 * until the transaction ends, so that no other key is counted meanwhile. Throws `api_key.limit_reached` where there are
 * as many as are allowed. In an open transaction.
 */
export function* recount(statements: StatementBuilder, { organizationId, at, maxKeys }: CountedKey): Write<number> {
  const { tables, dialect } = statements;
  if (dialect === 'postgres') {
    // In a statement of its own: the count below sees what was committed before it began, not before it got the lock.
    const text = `SELECT 1 FROM ${tables.organizations} WHERE id = $1 FOR NO KEY UPDATE`;
    yield { text, values: [organizationId] };
  }
  if (maxKeys === undefined) return Infinity;
  const parameters = statements.parameters();
  const organization = parameters.mark(organizationId, 'uuid');
  const limit = parameters.mark(maxKeys, 'integer');
  // Each half is a range of one index and stops at the limit: a million imported keys are not counted to the end.
  const countOf = (end: string) =>
    `(SELECT count(*) FROM (SELECT 1 FROM ${tables.apiKeys} WHERE organization_id = ${organization} ` +
    `AND revoked_at IS NULL AND ${end} LIMIT ${limit}) AS counted)`;
  const text =
    `UPDATE ${tables.organizations} SET live_keys = ${countOf('expires_at IS NULL')} + ` +
    `${countOf(`expires_at > ${parameters.mark(at, 'timestamptz')}`)} WHERE id = ${organization} RETURNING live_keys`;
  const [row] = yield { text, values: parameters.values };
  // The refusal undoes the update, whose count may have stopped too early.
  const room = maxKeys - Number(row?.['live_keys'] ?? 0);
  if (room <= 0) throw limitReached();
  return room;
}

/** Has the keys of these organizations counted anew before one more is made: others are about to be added. */
export function forgetCounts({ dialect, tables }: StatementBuilder, organizationIds: readonly string[]): Statement {
  const among = dialect === 'postgres' ? '= ANY($1::uuid[])' : 'IN (SELECT value FROM json_each(?))';
  const ids = [...new Set(organizationIds)];
  return {
    text: `UPDATE ${tables.organizations} SET live_keys = NULL WHERE id ${among}`,
    values: [dialect === 'postgres' ? ids : JSON.stringify(ids)],
  };
}

/** The refusal of one more key. */
export function limitReached(): IdentityError {
  return new IdentityError(
    'api_key.limit_reached',
    'The organization has as many API keys as it may: revoke one first.',
  );
}
