import type { KeyCreator } from '@feather-identity/core';
import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import { isMadeBy } from './descendants.js';

/** Keys in one statement, as where they are revoked. */
const BATCH = 1000;

/** Whose keys: those of an organization, or of one member of it. */
export interface KeyOwner {
  readonly organizationId: string;
  readonly memberId?: string;
}

/**
 * Locks keys, whatever their state, until the open transaction ends. Before the organization's row, as those lock who
 * create keys: two that lock in different orders would wait for one another.
 */
export function* lockApiKeys(statements: StatementBuilder, owner: KeyOwner): Write<void> {
  if (statements.dialect !== 'postgres') return;
  const parameters = statements.parameters();
  const text = `SELECT id FROM ${statements.tables.apiKeys} WHERE ${ownedBy(parameters, owner)} ORDER BY id FOR UPDATE`;
  yield { text, values: parameters.values };
}

/**
 * Deletes keys with their secrets and the uses of their quotas, whatever their state. Their labels go with them. Their usage
 * goes too where they are those of a member; that of an organization's may be millions of rows, and is removed later
 * (`removeUsage`).
 */
export function* deleteApiKeys(statements: StatementBuilder, owner: KeyOwner): Write<void> {
  const { apiKeys, apiKeyQuotas, apiKeySecrets, apiKeyUsageDays, apiKeyUsageHours } = statements.tables;
  const usage = owner.memberId === undefined ? [] : [apiKeyUsageHours, apiKeyUsageDays];
  for (const table of [apiKeySecrets, apiKeyQuotas, ...usage]) {
    const parameters = statements.parameters();
    const keys = `SELECT id FROM ${apiKeys} WHERE ${ownedBy(parameters, owner)}`;
    yield { text: `DELETE FROM ${table} WHERE api_key_id IN (${keys})`, values: parameters.values };
  }
  const ofKeys = statements.parameters();
  yield { text: `DELETE FROM ${apiKeys} WHERE ${ownedBy(ofKeys, owner)}`, values: ofKeys.values };
}

/** Keys by their ids, each with what made it. */
export type KeyCreators = ReadonlyMap<string, KeyCreator | null>;

/** The keys of a member, whatever their state. */
export function* readCreators(statements: StatementBuilder, owner: Required<KeyOwner>): Write<KeyCreators> {
  const parameters = statements.parameters();
  const text =
    `SELECT id, created_by_type AS type, created_by_id AS by FROM ${statements.tables.apiKeys} ` +
    `WHERE ${ownedBy(parameters, owner)}`;
  const rows = yield { text, values: parameters.values };
  return new Map(
    Array.from(rows, ({ id, type, by }) => [id as string, type === null ? null : ({ type, id: by } as KeyCreator)]),
  );
}

/**
 * Writes what made these keys as the creator of all that they made, before they are deleted: a cascade that comes from
 * above finds it then. In an open transaction.
 */
export function* handOverChildren(
  statements: StatementBuilder,
  organizationId: string,
  creators: KeyCreators,
): Write<void> {
  const heirs = [...heirsOf(creators)].map(([id, heir]) => [id, heir && heir.type, heir && heir.id] as const);
  const { dialect, tables } = statements;
  for (let from = 0; from < heirs.length; from += BATCH) {
    const batch = heirs.slice(from, from + BATCH);
    // By the index of each kind of rows.
    for (const kind of ['NULL', 'NOT NULL']) {
      const parameters = statements.parameters();
      const column = (index: 0 | 1 | 2) => batch.map((heir) => heir[index]);
      const source =
        dialect === 'postgres'
          ? `unnest(${parameters.mark(column(0), 'uuid[]')}, ${parameters.mark(column(1), 'text[]')}, ${parameters.mark(column(2), 'uuid[]')}) AS heir (of, type, id)`
          : `(SELECT value ->> 0 AS of, value ->> 1 AS type, value ->> 2 AS id FROM json_each(${parameters.mark(JSON.stringify(batch), 'text')})) AS heir`;
      const made = isMadeBy(parameters, 'heir.of', parameters.mark(organizationId, 'uuid'));
      const text =
        `UPDATE ${tables.apiKeys} AS k SET created_by_type = heir.type, created_by_id = heir.id FROM ${source} ` +
        `WHERE ${made} AND k.created_by_type = 'api_key' AND k.revoked_at IS ${kind}`;
      yield { text, values: parameters.values };
    }
  }
}

/** For each key the nearest creator above it that is none of these keys. */
function heirsOf(creators: KeyCreators): KeyCreators {
  const heirs = new Map(creators);
  for (const key of creators.keys()) {
    const passed = [key];
    let heir = heirs.get(key) ?? null;
    // A circle, which only damaged rows can have, is left after one round.
    while (heir?.type === 'api_key' && heir.id !== null && heirs.has(heir.id) && passed.length <= creators.size) {
      passed.push(heir.id);
      heir = heirs.get(heir.id) ?? null;
    }
    for (const each of passed) heirs.set(each, heir);
  }
  return heirs;
}

/** How many keys there are, whatever their state. */
export function* countApiKeys(statements: StatementBuilder, owner: KeyOwner): Write<number> {
  const parameters = statements.parameters();
  const text = `SELECT count(*) AS count FROM ${statements.tables.apiKeys} WHERE ${ownedBy(parameters, owner)}`;
  const [row] = yield { text, values: parameters.values };
  return Number(row?.['count']);
}

function ownedBy(parameters: SqlParameters, { organizationId, memberId }: KeyOwner): string {
  const member = memberId === undefined ? '' : ` AND member_id = ${parameters.mark(memberId, 'uuid')}`;
  return `organization_id = ${parameters.mark(organizationId, 'uuid')}${member}`;
}
