import type {
  ApiKeyEnding,
  AuditEvent,
  DescendantCount,
  DescendantTerms,
  EndedApiKeys,
  EndingEvents,
  Revocation,
} from '@feather-identity/core';
import { IsNull, type SelectQueryBuilder } from 'typeorm';
import { among, type SqlParameters, type StatementBuilder, type Write } from '../sql/sql.js';
import { ApiKeyRow } from '../tables/api-keys.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import type { TableNames } from '../tables/tables.js';
import { countLiving, lockTree, type TreeKey } from './descendants.js';

/** Keys in one statement: each has to be done before PostgreSQL's time limit. */
const BATCH = 1000;

const NONE: DescendantCount = { count: 0, isComplete: true };

/** A key to revoke, and the event of it. */
export interface KeyRevocation {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly event: AuditEvent;
  /** Revokes the key only if it was neither created, rotated nor used since. */
  readonly unusedSince?: Date;
  readonly descendants: DescendantTerms | undefined;
}

/** Revokes a key as `ApiKeyRepository.revoke` and `revokeUnused` promise. In an open transaction. */
export function* revokeApiKey(statements: StatementBuilder, revocation: KeyRevocation): Write<Revocation | null> {
  const { organizationId, descendants } = revocation;
  const cascades =
    descendants?.cascade === true || (descendants && (yield* revokesDescendants(statements, organizationId)));
  if (descendants !== undefined && cascades) {
    return yield* revokeTree(statements, revocation, descendants);
  }
  if (!(yield* revokeOne(statements, revocation))) return null;
  const { occurredAt } = revocation.event;
  const livingDescendants = descendants ? yield* countLiving(statements, revocation, occurredAt) : NONE;
  return { revokedDescendants: 0, livingDescendants };
}

/**
 * The same by one statement of PostgreSQL, for a revocation that does not ask for a cascade. Undefined, with nothing done,
 * where the policy of the organization does. The descendants are counted after the commit: a key that was being made
 * meanwhile is there by then, and no other can be made.
 */
export function* revokeAlone(
  statements: StatementBuilder,
  revocation: KeyRevocation,
  awaits: string,
): Write<Revocation | null | undefined> {
  const { organizationId, descendants, event } = revocation;
  const parameters = statements.parameters();
  const cascades = descendants ? `EXISTS (${policy(statements, parameters, organizationId)})` : 'false';
  const { keyPrefix: _, ...row } = toAuditEventRow(event);
  const told = statements.insertSelected(AuditEventRow, row, { keyPrefix: 'revoked.key_prefix' }, parameters);
  const text =
    `WITH revoked AS (${update(statements, parameters, revocation)} AND NOT ${cascades} AND ${awaits} RETURNING key_prefix), ` +
    `told AS (${told} FROM revoked) SELECT EXISTS (SELECT FROM revoked) AS revoked, ${cascades} AS cascades`;
  const [outcome] = yield { text, values: parameters.values };
  if (outcome?.['cascades'] === true) return undefined;
  if (outcome?.['revoked'] !== true) return null;
  const livingDescendants = descendants ? yield* countLiving(statements, revocation, event.occurredAt) : NONE;
  return { revokedDescendants: 0, livingDescendants };
}

/** SQL that selects a row if the policy of the organization has descendants revoked. */
function policy({ tables }: StatementBuilder, parameters: SqlParameters, organizationId: string): string {
  return `SELECT 1 FROM ${tables.organizations} WHERE id = ${parameters.mark(organizationId, 'uuid')} AND revoke_descendants`;
}

function* revokesDescendants(statements: StatementBuilder, organizationId: string): Write<boolean> {
  const parameters = statements.parameters();
  const text = policy(statements, parameters, organizationId);
  return (yield { text, values: parameters.values }).length > 0;
}

function* revokeTree(
  statements: StatementBuilder,
  revocation: KeyRevocation,
  descendants: DescendantTerms,
): Write<Revocation | null> {
  const { organizationId, apiKeyId, event } = revocation;
  const tree = yield* lockTree(statements, { organizationId, apiKeyIds: [apiKeyId] });
  const isRevoked = yield* revokeOne(statements, revocation);
  // The key was revoked before: what it has made may have been learned of later.
  if (!isRevoked && !(descendants.cascade === true && (yield* exists(statements, revocation)))) return null;
  const living = tree.filter(({ id }) => id !== apiKeyId);
  yield* revokeAll(statements, living, event.occurredAt, () => descendants);
  return { revokedDescendants: living.length, livingDescendants: NONE };
}

/** SQL that revokes the key alone. It may go on with further conditions. */
function update(
  { tables }: StatementBuilder,
  parameters: SqlParameters,
  { organizationId, apiKeyId, event, unusedSince }: KeyRevocation,
): string {
  return (
    `UPDATE ${tables.apiKeys} AS api_keys SET revoked_at = ${parameters.mark(event.occurredAt, 'timestamptz')} ` +
    `WHERE organization_id = ${parameters.mark(organizationId, 'uuid')} ` +
    `AND id = ${parameters.mark(apiKeyId, 'uuid')} AND revoked_at IS NULL` +
    (unusedSince ? ` AND ${unused(tables, parameters.mark(unusedSince, 'timestamptz'))}` : '')
  );
}

function* revokeOne(statements: StatementBuilder, revocation: KeyRevocation): Write<boolean> {
  const parameters = statements.parameters();
  const text = `${update(statements, parameters, revocation)} RETURNING key_prefix`;
  const [revoked] = yield { text, values: parameters.values };
  if (revoked === undefined) return false;
  const keyPrefix = revoked['key_prefix'] as string;
  yield statements.insert(AuditEventRow, toAuditEventRow({ ...revocation.event, keyPrefix }));
  return true;
}

function* exists(statements: StatementBuilder, { organizationId, apiKeyId }: KeyRevocation): Write<boolean> {
  const parameters = statements.parameters();
  const text =
    `SELECT 1 FROM ${statements.tables.apiKeys} WHERE id = ${parameters.mark(apiKeyId, 'uuid')} ` +
    `AND organization_id = ${parameters.mark(organizationId, 'uuid')}`;
  return (yield { text, values: parameters.values }).length > 0;
}

/** Revokes keys of a tree, which are locked, each with an event as the terms of its root say. */
function* revokeAll(
  statements: StatementBuilder,
  keys: readonly TreeKey[],
  at: Date,
  termsOf: (root: string) => DescendantTerms,
): Write<void> {
  const rootOf = new Map(keys.map(({ id, root }) => [id, root]));
  for (let from = 0; from < keys.length; from += BATCH) {
    const ids = keys.slice(from, from + BATCH).map(({ id }) => id);
    const parameters = statements.parameters();
    const revokedAt = parameters.mark(at, 'timestamptz');
    const text =
      `UPDATE ${statements.tables.apiKeys} SET revoked_at = ${revokedAt} WHERE id ${among(parameters, ids)} ` +
      'RETURNING id, key_prefix';
    const rows = yield { text, values: parameters.values };
    const events = Array.from(rows, (row) => {
      const id = row['id'] as string;
      return termsOf(rootOf.get(id) ?? '').eventOf({ id, keyPrefix: row['key_prefix'] as string });
    });
    yield* statements.insertAll(AuditEventRow, events.map(toAuditEventRow));
  }
}

/** Revokes what these keys made, if the organization's policy says so, each with its event. In an open transaction. */
export function* revokeMadeBy(
  statements: StatementBuilder,
  roots: { readonly organizationId: string; readonly apiKeyIds: readonly string[] },
  at: Date,
  termsOf: EndingEvents['descendantsOf'],
): Write<void> {
  if (!(yield* revokesDescendants(statements, roots.organizationId))) return;
  const made = (yield* lockTree(statements, roots)).filter(({ id, root }) => id !== root);
  yield* revokeAll(statements, made, at, termsOf);
}

/** Keys to revoke or disable, and the event of each. */
export interface Ending {
  readonly organizationId: string;
  readonly ending: ApiKeyEnding;
  readonly apiKeyIds: readonly string[];
  readonly events: EndingEvents;
}

/** Ends keys as `ApiKeyRepository.end` promises. In an open transaction. */
export function* endApiKeys(statements: StatementBuilder, ending: Ending): Write<EndedApiKeys> {
  const {
    organizationId,
    apiKeyIds,
    events: { eventOf, descendantsOf },
  } = ending;
  const column = ending.ending === 'revoke' ? 'revoked_at' : 'disabled_at';
  const { apiKeys } = statements.tables;
  const ids = statements.parameters();
  const select =
    `SELECT id, key_prefix, ${column} AS done_at FROM ${apiKeys} WHERE id ${among(ids, apiKeyIds)} ` +
    `AND organization_id = ${ids.mark(organizationId, 'uuid')} AND revoked_at IS NULL`;
  let tree: readonly TreeKey[] = [];
  if (ending.ending === 'revoke' && (yield* revokesDescendants(statements, organizationId))) {
    // Those alone that can be revoked: what a revoked one has made is not asked for.
    const roots = Array.from(yield { text: select, values: ids.values }, ({ id }) => id as string);
    tree = yield* lockTree(statements, { organizationId, apiKeyIds: roots });
  }
  // In the order of their ids, as everywhere: writes that lock several keys would deadlock otherwise.
  const lock = ids.dialect === 'postgres' ? ' ORDER BY id FOR NO KEY UPDATE' : '';
  const rows = Array.from(yield { text: `${select}${lock}`, values: ids.values });
  const found = new Map(rows.map((row) => [row['id'] as string, row]));
  const known = apiKeyIds.filter((id) => found.has(id));
  const ended = known.filter((id) => found.get(id)?.['done_at'] === null);
  const [first, ...others] = ended.map((id) => eventOf({ id, keyPrefix: found.get(id)?.['key_prefix'] as string }));
  if (first !== undefined) {
    const parameters = statements.parameters();
    const at = parameters.mark(first.occurredAt, 'timestamptz');
    const text = `UPDATE ${apiKeys} SET ${column} = ${at} WHERE id ${among(parameters, ended)}`;
    yield { text, values: parameters.values };
    yield* statements.insertAll(AuditEventRow, [first, ...others].map(toAuditEventRow));
    const made = tree.filter(({ id }) => !found.has(id));
    yield* revokeAll(statements, made, first.occurredAt, descendantsOf);
  }
  const unchanged = known.filter((id) => found.get(id)?.['done_at'] !== null);
  return { ended, unchanged, notFound: apiKeyIds.filter((id) => !found.has(id)) };
}

/** Selects ids of unused keys as `ApiKeyRepository.findUnused` promises, oldest first. */
export function unusedIds(
  statements: StatementBuilder,
  organizationId: string,
  since: Date,
  limit: number,
): SelectQueryBuilder<ApiKeyRow> {
  return statements
    .select(ApiKeyRow, 'api_keys')
    .select('api_keys.id', 'id')
    .where({ organizationId, revokedAt: IsNull() })
    .andWhere(unused(statements.tables, ':since'), { since })
    .orderBy({ 'api_keys.createdAt': 'ASC', 'api_keys.id': 'ASC' })
    .limit(limit);
}

/** SQL for a row `api_keys`. It looks at all secrets: one in its grace period may be in use while the current one is not. */
export function unused({ apiKeySecrets }: TableNames, since: string): string {
  return (
    `api_keys.created_at < ${since} AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < ${since}) ` +
    `AND NOT EXISTS (SELECT 1 FROM ${apiKeySecrets} AS secret ` +
    `WHERE secret.api_key_id = api_keys.id AND (secret.last_used_at >= ${since} OR secret.created_at >= ${since}))`
  );
}
