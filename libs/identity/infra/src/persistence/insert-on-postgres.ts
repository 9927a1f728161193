import { IdentityError, type InsertTerms, type NewApiKey } from '@feather-identity/core';
import { type CallingKeyState, callingKeyState, assertUnchanged, NO_ISSUER } from './calling-key.js';
import { freePlace, limitReached, type PlaceSearch, somePlace } from './free-place.js';
import { insertOf, newApiKeyRow, newEventRow, newSecretRow } from './new-rows.js';
import type { SqlParameters } from './sql-parameters.js';
import type { Steps } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';
import type { TableNames } from './table-names.js';

/** Far more than there are inserts at once: one that fails has lost its place to another that did not. */
const MAX_ATTEMPTS = 1000;

/** What the statement answers, unless there is no issuer. */
interface Outcome extends CallingKeyState {
  /** Whether a place was found for the key. */
  readonly room: boolean;
  /** Whether the key is there now. It is not where another insert took the place meanwhile. */
  readonly created: boolean;
}

/**
 * Adds a key, its secret and its event by one statement: it looks at the issuer, whose row stays locked until all is
 * committed, finds a place and fills it. Most find one at the first attempt. Throws as `ApiKeyRepository.insert`, and
 * unique violations as they are.
 */
export function* insertOnPostgres(statements: StatementBuilder, created: NewApiKey, terms: InsertTerms): Steps<void> {
  const first = yield* attempt(statements, created, terms, somePlace);
  if (first.created) return;
  for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts += 1) {
    const next = yield* attempt(statements, created, terms, freePlace);
    if (next.created) return;
    if (!next.room) throw limitReached();
  }
  throw new IdentityError('storage.unavailable', 'Too many API keys are made at once. Try again shortly.');
}

function* attempt(
  statements: StatementBuilder,
  created: NewApiKey,
  terms: InsertTerms,
  search: PlaceSearch,
): Steps<Outcome> {
  const parameters = statements.parameters();
  const text = insertStatement(statements.tables, parameters, created, terms, search);
  const [outcome] = (yield { text, values: parameters.values }) as readonly unknown[] as readonly Outcome[];
  assertUnchanged(outcome);
  return outcome;
}

function insertStatement(
  tables: TableNames,
  parameters: SqlParameters,
  created: NewApiKey,
  { issuedBy, maxKeys }: InsertTerms,
  search: PlaceSearch,
): string {
  const { organizationId } = created.apiKey;
  const issuer = issuedBy ? callingKeyState(tables, parameters, organizationId, issuedBy) : NO_ISSUER;
  return `WITH issuer AS MATERIALIZED (${issuer}),
    free AS MATERIALIZED (${search(parameters, { tables, organizationId, maxKeys })}),
    created AS (
      ${insertOf(tables, newApiKeyRow(created), parameters, 'place')} FROM issuer, free WHERE accepted AND unchanged
      ON CONFLICT (organization_id, place) WHERE revoked_at IS NULL DO NOTHING RETURNING id
    ),
    kept AS (${insertOf(tables, newSecretRow(created), parameters)} FROM created),
    told AS (${insertOf(tables, newEventRow(created.event), parameters)} FROM created)
    SELECT accepted, unchanged, EXISTS (SELECT 1 FROM free) AS room, EXISTS (SELECT 1 FROM created) AS created
    FROM issuer`;
}
