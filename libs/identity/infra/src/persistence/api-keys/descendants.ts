import { type DescendantCount, MAX_COUNTED_DESCENDANTS } from '@feather-identity/core';
import { among, type SqlParameters, type StatementBuilder, type Write } from '../sql/sql.js';
import type { TableNames } from '../tables/tables.js';

/** The keys of one organization that a look begins with. */
interface Roots {
  readonly organizationId: string;
  readonly apiKeyIds: readonly string[];
}

/** A key and the root above it, the nearest one; a root is its own. */
export interface TreeKey {
  readonly id: string;
  readonly root: string;
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
 * SQL for keys and their descendants, as `tree (id, root, revoked_at, expires_at)`, for the start of a statement. It
 * follows revoked keys too, by the index of each kind of rows, and comes to each key once: from the nearest root. UNION
 * ends circles, which only damaged rows can have.
 */
function withTree({ apiKeys }: TableNames, parameters: SqlParameters, { organizationId, apiKeyIds }: Roots): string {
  const organization = parameters.mark(organizationId, 'uuid');
  const isRoot = `k.id ${among(parameters, apiKeyIds)}`;
  const select = (root: string) => `SELECT k.id, ${root}, k.revoked_at, k.expires_at FROM`;
  const made = `${isMadeBy(parameters, 'tree.id', organization)} AND k.created_by_type = 'api_key' AND NOT ${isRoot}`;
  const start = `${select('k.id')} ${apiKeys} k WHERE ${isRoot} AND k.organization_id = ${organization}`;
  const child = select('tree.root');
  // PostgreSQL allows one reference to the tree, SQLite knows no LATERAL.
  const children =
    parameters.dialect === 'postgres'
      ? `SELECT child.* FROM tree CROSS JOIN LATERAL (${child} ${apiKeys} k WHERE ${made} AND k.revoked_at IS NULL ` +
        `UNION ALL ${child} ${apiKeys} k WHERE ${made} AND k.revoked_at IS NOT NULL) AS child`
      : `${child} tree CROSS JOIN ${apiKeys} k WHERE ${made} AND k.revoked_at IS NULL ` +
        `UNION ${child} tree CROSS JOIN ${apiKeys} k WHERE ${made} AND k.revoked_at IS NOT NULL`;
  return `WITH RECURSIVE tree (id, root, revoked_at, expires_at) AS (${start} UNION ${children})`;
}

/**
 * Those of these keys and their descendants that are not revoked. On PostgreSQL they stay locked until the transaction
 * ends, and none of them can make a key meanwhile: whatever makes one locks the key that it is made by. A key that was
 * made while this waited for a lock is found by the look that follows, and locked, until a look finds no other. They are
 * locked in the order of their ids, as everywhere. In an open transaction.
 */
export function* lockTree(statements: StatementBuilder, roots: Roots): Write<readonly TreeKey[]> {
  if (roots.apiKeyIds.length === 0) return [];
  const { dialect, tables } = statements;
  const parameters = statements.parameters();
  const tree = withTree(tables, parameters, roots);
  const { values } = parameters;
  const look = { text: `${tree} SELECT id, root FROM tree WHERE revoked_at IS NULL`, values };
  const living = 'ARRAY(SELECT id FROM tree WHERE revoked_at IS NULL)';
  const lock = `${tree} SELECT id FROM ${tables.apiKeys} WHERE id = ANY(${living}) ORDER BY id FOR NO KEY UPDATE`;
  for (;;) {
    const locked = dialect === 'postgres' ? new Set(Array.from(yield { text: lock, values }, ({ id }) => id)) : null;
    // One that was revoked while this waited for its lock is not among them.
    const found = Array.from(yield look, ({ id, root }) => ({ id: id as string, root: root as string }));
    if (locked === null || found.every(({ id }) => locked.has(id))) return found;
  }
}

/** Counts the descendants of a revoked key that are neither revoked nor expired. */
export function* countLiving(
  statements: StatementBuilder,
  { organizationId, apiKeyId }: { readonly organizationId: string; readonly apiKeyId: string },
  at: Date,
): Write<DescendantCount> {
  const parameters = statements.parameters();
  const tree = withTree(statements.tables, parameters, { organizationId, apiKeyIds: [apiKeyId] });
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
