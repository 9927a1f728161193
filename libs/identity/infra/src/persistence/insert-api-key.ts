import type { InsertTerms, NewApiKey } from '@feather-identity/core';
import {
  assertUnchanged,
  type CallingKeyState,
  callingKeyState,
  lockUnchangedCaller,
  NO_ISSUER,
} from './calling-key.js';
import { admitKey, type CountedKey, countOneMore, recount } from './key-limit.js';
import { insertOf, newApiKeyRow, newEventRow, newSecretRow } from './new-rows.js';
import type { SqlParameters } from './sql-parameters.js';
import type { Steps } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';
import { translateUniqueViolation } from './storage-error.js';

/**
 * Adds a key, its secret and its event where the terms hold; false, with nothing done, where the organization's keys have
 * to be counted first. Past the ORM, which takes ten times as long, and by inserts alone: a collision is never an
 * overwrite. On SQLite in an open transaction. Throws as `ApiKeyRepository.insert`.
 */
export function* insertApiKey(
  statements: StatementBuilder,
  created: NewApiKey,
  terms: InsertTerms = {},
): Steps<boolean> {
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
): Steps<void> {
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

function* insertOnSqlite(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Steps<void> {
  const { issuedBy } = terms;
  if (issuedBy) yield* lockUnchangedCaller(statements, created.apiKey.organizationId, issuedBy);
  yield* admitKey(statements, countedKey(created, terms));
  for (const row of [newApiKeyRow(created), newSecretRow(created), newEventRow(created.event)]) {
    const parameters = statements.parameters();
    yield { text: insertOf(statements.tables, row, parameters), values: parameters.values };
  }
}

/** What the statement answers, unless there is no issuer. */
interface Outcome extends CallingKeyState {
  readonly created: boolean;
}

/** By one statement, since the organization's row is locked from its count to the commit. */
function* insertOnPostgres(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Steps<boolean> {
  const parameters = statements.parameters();
  const text = insertStatement(statements, parameters, created, terms);
  const [outcome] = (yield { text, values: parameters.values }) as readonly unknown[] as readonly Outcome[];
  assertUnchanged(outcome);
  return outcome.created;
}

function insertStatement(
  { tables }: StatementBuilder,
  parameters: SqlParameters,
  created: NewApiKey,
  terms: InsertTerms,
): string {
  const { organizationId } = created.apiKey;
  const { issuedBy } = terms;
  const issuer = issuedBy ? callingKeyState(tables, parameters, organizationId, issuedBy) : NO_ISSUER;
  const key = countedKey(created, terms);
  return `WITH issuer AS MATERIALIZED (${issuer}),
    counted AS (${countOneMore(tables, parameters, key, 'FROM issuer WHERE accepted AND unchanged AND')}),
    created AS (${insertOf(tables, newApiKeyRow(created), parameters)} FROM counted RETURNING id),
    kept AS (${insertOf(tables, newSecretRow(created), parameters)} FROM created),
    told AS (${insertOf(tables, newEventRow(created.event), parameters)} FROM created)
    SELECT accepted, unchanged, EXISTS (SELECT 1 FROM created) AS created FROM issuer`;
}
