import type { Statement, StatementBuilder, Write } from '../sql/sql.js';

/**
 * Removes at most `limit` hours, and as many days, that began before these instants, or that belong to a deleted
 * organization.
 *
 * @returns whether there may be more
 */
export function* removeUsage(
  statements: StatementBuilder,
  before: { readonly hours: Date; readonly days: Date },
  limit: number,
): Write<boolean> {
  const { apiKeyUsageDays, apiKeyUsageHours } = statements.tables;
  let hasMore = false;
  for (const [table, instant] of [
    [apiKeyUsageHours, before.hours],
    [apiKeyUsageDays, before.days],
  ] as const) {
    const parameters = statements.parameters();
    const isOld = `starts_at < ${parameters.mark(instant, 'timestamptz')} ORDER BY starts_at`;
    const removed = yield removing(statements, table, isOld, limit, parameters.values);
    hasMore ||= removed.length === limit || (yield* removeOfDeleted(statements, table, limit - removed.length));
  }
  return hasMore;
}

/** Of one deleted organization that has usage. */
function* removeOfDeleted(statements: StatementBuilder, table: string, limit: number): Write<boolean> {
  const [deleted] = yield { text: findDeleted(statements, table), values: [] };
  if (deleted === undefined) return false;
  const parameters = statements.parameters();
  const isIts = `organization_id = ${parameters.mark(deleted['id'], 'uuid')}`;
  yield removing(statements, table, isIts, limit, parameters.values);
  return true;
}

function findDeleted(statements: StatementBuilder, table: string): string {
  // A value, and no EXISTS: PostgreSQL would join, and read the whole table where it expects to find some.
  const has = `(SELECT 1 FROM ${table} WHERE organization_id = o.id LIMIT 1) IS NOT NULL`;
  return `SELECT o.id FROM ${statements.tables.organizations} o WHERE o.deleted_at IS NOT NULL AND ${has} LIMIT 1`;
}

function removing(
  statements: StatementBuilder,
  table: string,
  which: string,
  limit: number,
  values: readonly unknown[],
): Statement {
  // Another instance may be adding to these rows, or removing them.
  const lock = statements.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : '';
  const rows = `SELECT api_key_id, starts_at FROM ${table} WHERE ${which} LIMIT ${limit}${lock}`;
  return { text: `DELETE FROM ${table} WHERE (api_key_id, starts_at) IN (${rows}) RETURNING api_key_id`, values };
}
