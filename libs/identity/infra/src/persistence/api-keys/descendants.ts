import { type DescendantCount, MAX_COUNTED_DESCENDANTS } from '@feather-identity/core';
import type { RawRow, SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import type { TableNames } from '../tables/tables.js';

/** Which key of which organization. */
interface Root {
  readonly organizationId: string;
  readonly apiKeyId: string;
}

/**
 * SQL for a row `k` that was made by this key or member, in this organization. Written so that no planner compares the
 * organization by an index: it would look through all of its keys for each creator.
 */
export function isMadeBy({ dialect }: SqlParameters, creator: string, organization: string): string {
  const ofOrganization =
    dialect === 'postgres'
      ? `k.organization_id IS NOT DISTINCT FROM ${organization}`
      : `+k.organization_id = ${organization}`;
  return `k.created_by_id = ${creator} AND ${ofOrganization}`;
}

/**
 * SQL for a key and its descendants, as `tree (id, revoked_at, expires_at)`, for the start of a statement. It follows
 * revoked keys too, by the index of each kind of rows. UNION ends circles, which only damaged rows can have.
 */
function withTree({ apiKeys }: TableNames, parameters: SqlParameters, { organizationId, apiKeyId }: Root): string {
  const organization = parameters.mark(organizationId, 'uuid');
  const root = parameters.mark(apiKeyId, 'uuid');
  const select = 'SELECT k.id, k.revoked_at, k.expires_at FROM';
  const made = `${isMadeBy(parameters, 'tree.id', organization)} AND k.created_by_type = 'api_key'`;
  const start = `${select} ${apiKeys} k WHERE k.id = ${root} AND k.organization_id = ${organization}`;
  // PostgreSQL allows one reference to the tree, SQLite knows no LATERAL.
  const children =
    parameters.dialect === 'postgres'
      ? `SELECT child.* FROM tree CROSS JOIN LATERAL (${select} ${apiKeys} k WHERE ${made} AND k.revoked_at IS NULL ` +
        `UNION ALL ${select} ${apiKeys} k WHERE ${made} AND k.revoked_at IS NOT NULL) AS child`
      : `${select} tree CROSS JOIN ${apiKeys} k WHERE ${made} AND k.revoked_at IS NULL ` +
        `UNION ${select} tree CROSS JOIN ${apiKeys} k WHERE ${made} AND k.revoked_at IS NOT NULL`;
  return `WITH RECURSIVE tree (id, revoked_at, expires_at) AS (${start} UNION ${children})`;
}

/**
 * The ids of a key and its descendants that are not revoked. On PostgreSQL they stay locked until the transaction ends, and
 * none of them can make a key meanwhile: whatever makes one locks the key that it is made by. A key that was made while
 * this waited for a lock is found by the next look, until a look finds no other. They are locked in the order of their
 * ids, as everywhere. In an open transaction.
 */
export function* lockTree(statements: StatementBuilder, root: Root): Write<readonly string[]> {
  const { dialect, tables } = statements;
  const parameters = statements.parameters();
  const tree = withTree(tables, parameters, root);
  const living = 'SELECT id FROM tree WHERE revoked_at IS NULL';
  const look = { text: `${tree} ${living}`, values: parameters.values };
  if (dialect !== 'postgres') return Array.from(yield look, idOf);
  const lock = {
    text: `${tree} SELECT id, revoked_at FROM ${tables.apiKeys} WHERE id = ANY(ARRAY(${living})) ORDER BY id FOR NO KEY UPDATE`,
    values: parameters.values,
  };
  for (let before: readonly string[] | undefined; ;) {
    // One that was revoked while this waited for its lock is not revoked again.
    const found = (yield lock).filter((row) => row['revoked_at'] === null).map(idOf);
    if (found.length === before?.length) return found;
    before = found;
  }
}

function idOf(row: RawRow): string {
  return row['id'] as string;
}

/** Counts the descendants of a revoked key that are neither revoked nor expired. */
export function* countLiving(statements: StatementBuilder, root: Root, at: Date): Write<DescendantCount> {
  const parameters = statements.parameters();
  const tree = withTree(statements.tables, parameters, root);
  const living = `revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${parameters.mark(at, 'timestamptz')})`;
  // With the key itself, and one more that tells whether there are others.
  const looked = `SELECT * FROM tree LIMIT ${MAX_COUNTED_DESCENDANTS + 2}`;
  const text = `${tree} SELECT count(*) AS looked_at, count(CASE WHEN ${living} THEN 1 END) AS living FROM (${looked}) AS counted`;
  const [row] = yield { text, values: parameters.values };
  return {
    count: Math.min(Number(row?.['living']), MAX_COUNTED_DESCENDANTS),
    isComplete: Number(row?.['looked_at']) < MAX_COUNTED_DESCENDANTS + 2,
  };
}
