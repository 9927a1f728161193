import { IdentityError, type InsertTerms, type NewApiKey } from '@feather-identity/core';
import { callingKeyState, lockUnchangedCaller, NO_ISSUER } from './calling-key.js';
import { freePlace, limitReached, type PlaceSearch, somePlace } from './free-place.js';
import { insertOnPostgres } from './insert-on-postgres.js';
import { insertOf, newApiKeyRow, newEventRow, newSecretRow } from './new-rows.js';
import type { SqlParameters } from './sql-parameters.js';
import type { RawRow, Steps } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';
import { translateUniqueViolation } from './storage-error.js';

/**
 * Adds a key, its secret and its event where the terms hold. Keys take numbered places in their organization,
 * as many as keys are allowed and each its own by a unique index: so the limit is exact, and no insert waits for others
 * to be counted. Past the ORM, which takes ten times as long, and by inserts alone: a collision is never an overwrite.
 * On SQLite it is to be run in a transaction. Throws as `ApiKeyRepository.insert`.
 */
export function* insertApiKey(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms = {}): Steps<void> {
  const insert = statements.dialect === 'postgres' ? insertOnPostgres : insertOnSqlite;
  try {
    yield* insert(statements, created, terms);
  } catch (error) {
    const isFull = error instanceof IdentityError && error.code === 'api_key.limit_reached';
    if (!isFull || !terms.mayExceed) throw translateUniqueViolation(error);
    yield* insertApiKey(statements, created, { issuedBy: terms.issuedBy });
  }
}

function* insertOnSqlite(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Steps<void> {
  const { organizationId } = created.apiKey;
  const { tables } = statements;
  const { issuedBy, maxKeys } = terms;
  const place = { tables, organizationId, maxKeys };
  const insertKey = (search: PlaceSearch) =>
    run(statements, (parameters) => {
      const insert = insertOf(tables, newApiKeyRow(created), parameters, 'place');
      const free = search(parameters, place);
      const issuer = issuedBy ? callingKeyState(tables, parameters, organizationId, issuedBy) : NO_ISSUER;
      return `WITH issuer AS MATERIALIZED (${issuer}) ${insert} FROM (${free}), issuer WHERE accepted AND unchanged RETURNING id`;
    });
  if ((yield* insertKey(somePlace)).length === 0) {
    if (issuedBy) yield* lockUnchangedCaller(statements, organizationId, issuedBy);
    if ((yield* insertKey(freePlace)).length === 0) throw limitReached();
  }
  for (const row of [newSecretRow(created), newEventRow(created.event)]) {
    yield* run(statements, (parameters) => insertOf(tables, row, parameters));
  }
}

function* run(statements: StatementBuilder, textWith: (parameters: SqlParameters) => string): Steps<readonly RawRow[]> {
  const parameters = statements.parameters();
  const text = textWith(parameters);
  return yield { text, values: parameters.values };
}
