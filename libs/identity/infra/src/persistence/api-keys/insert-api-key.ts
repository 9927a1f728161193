import type { InsertTerms, NewApiKey } from '@feather-identity/core';
import { translateUniqueViolation } from '../sql/errors.js';
import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import { ApiKeyRow, toApiKeyRow } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecretRow } from '../tables/api-key-secrets.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import {
  assertUnchanged,
  type CallingKeyState,
  callingKeyState,
  lockUnchangedCaller,
  NO_ISSUER,
} from './caller-lock.js';
import { admitKey, type CountedKey, countOneMore, recount } from './key-limit.js';

/**
 * Adds a key, its secret and its event where the terms hold; false, with nothing done, where the organization's keys have
 * to be counted first. On SQLite in an open transaction. Throws as `ApiKeyRepository.insert`.
 */
export function* insertApiKey(
  statements: StatementBuilder,
  created: NewApiKey,
  terms: InsertTerms = {},
): Write<boolean> {
  try {
    if (statements.dialect === 'postgres') return yield* insertOnPostgres(statements, created, terms);
    yield* insertOnSqlite(statements, created, terms);
    return true;
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

/** As `insertApiKey`, after the organization's keys were counted. In an open transaction. */
export function* countAndInsertApiKey(
  statements: StatementBuilder,
  created: NewApiKey,
  terms: InsertTerms,
): Write<void> {
  const { organizationId } = created.apiKey;
  // The caller first, as everywhere: two that lock in different orders would wait for one another.
  if (terms.issuedBy) yield* lockUnchangedCaller(statements, organizationId, terms.issuedBy);
  yield* recount(statements, countedKey(created, terms));
  const isCreated = yield* insertApiKey(statements, created, terms);
  if (!isCreated) throw new Error('The key belongs to no stored organization.');
}

function countedKey({ apiKey, event }: NewApiKey, { maxKeys, mayExceed }: InsertTerms): CountedKey {
  const { organizationId } = apiKey;
  return { organizationId, at: event.occurredAt, maxKeys: mayExceed ? undefined : maxKeys };
}

function* insertOnSqlite(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Write<void> {
  const { issuedBy } = terms;
  if (issuedBy) yield* lockUnchangedCaller(statements, created.apiKey.organizationId, issuedBy);
  yield* admitKey(statements, countedKey(created, terms));
  yield statements.insert(ApiKeyRow, toApiKeyRow(created.apiKey));
  yield statements.insert(ApiKeySecretRow, toApiKeySecretRow(created.secret));
  yield statements.insert(AuditEventRow, toAuditEventRow(created.event));
}

/** What the statement answers, unless there is no issuer. */
interface Outcome extends CallingKeyState {
  readonly created: boolean;
}

/** By one statement, since the organization's row is locked from its count to the commit. */
function* insertOnPostgres(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Write<boolean> {
  const parameters = statements.parameters();
  const text = insertStatement(statements, parameters, created, terms);
  const [outcome] = (yield { text, values: parameters.values }) as readonly unknown[] as readonly Outcome[];
  assertUnchanged(outcome);
  return outcome.created;
}

function insertStatement(
  statements: StatementBuilder,
  parameters: SqlParameters,
  created: NewApiKey,
  terms: InsertTerms,
): string {
  const { tables } = statements;
  const { apiKey, secret, event } = created;
  const { issuedBy } = terms;
  const issuer = issuedBy ? callingKeyState(tables, parameters, apiKey.organizationId, issuedBy) : NO_ISSUER;
  const key = countedKey(created, terms);
  return `WITH issuer AS MATERIALIZED (${issuer}),
    counted AS (${countOneMore(tables, parameters, key, 'FROM issuer WHERE accepted AND unchanged AND')}),
    created AS (${statements.insertSelect(ApiKeyRow, toApiKeyRow(apiKey), parameters)} FROM counted RETURNING 1),
    kept AS (${statements.insertSelect(ApiKeySecretRow, toApiKeySecretRow(secret), parameters)} FROM created),
    told AS (${statements.insertSelect(AuditEventRow, toAuditEventRow(event), parameters)} FROM created)
    SELECT accepted, unchanged, EXISTS (SELECT 1 FROM created) AS created FROM issuer`;
}
