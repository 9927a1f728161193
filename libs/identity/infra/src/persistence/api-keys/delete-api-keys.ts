import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';

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

/** Deletes keys with their secrets and the uses of their quotas, whatever their state. Their labels go with them. */
export function* deleteApiKeys(statements: StatementBuilder, owner: KeyOwner): Write<void> {
  const { apiKeys, apiKeyQuotas, apiKeySecrets } = statements.tables;
  for (const table of [apiKeySecrets, apiKeyQuotas]) {
    const parameters = statements.parameters();
    const keys = `SELECT id FROM ${apiKeys} WHERE ${ownedBy(parameters, owner)}`;
    yield { text: `DELETE FROM ${table} WHERE api_key_id IN (${keys})`, values: parameters.values };
  }
  const ofKeys = statements.parameters();
  yield { text: `DELETE FROM ${apiKeys} WHERE ${ownedBy(ofKeys, owner)}`, values: ofKeys.values };
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
