import { IdentityError, type InsertTerms, type NewApiKey } from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { type CallingKeyState, callingKeyState, demandUnchanged, NO_ISSUER } from './calling-key.js';
import { freePlace, limitReached, type PlaceSearch, somePlace } from './free-place.js';
import { insertOf, newApiKeyRow, newEventRow, newSecretRow } from './new-rows.js';
import { queryPrepared } from './postgres-prepared.js';
import { SqlParameters } from './sql-parameters.js';

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
export async function insertOnPostgres(manager: EntityManager, created: NewApiKey, terms: InsertTerms): Promise<void> {
  const first = await attempt(manager, created, terms, somePlace);
  if (first.created) return;
  for (let attempts = 1; attempts < MAX_ATTEMPTS; attempts += 1) {
    const next = await attempt(manager, created, terms, freePlace);
    if (next.created) return;
    if (!next.room) throw limitReached();
  }
  throw new IdentityError('storage.unavailable', 'Too many API keys are made at once. Try again shortly.');
}

async function attempt(
  manager: EntityManager,
  created: NewApiKey,
  terms: InsertTerms,
  search: PlaceSearch,
): Promise<Outcome> {
  const parameters = new SqlParameters('postgres');
  const text = insertStatement(parameters, created, terms, search);
  const { values } = parameters;
  // Planning takes longer than running it.
  const [outcome] =
    manager.queryRunner === undefined
      ? await queryPrepared<Outcome>(manager.dataSource, text, values)
      : await manager.query<Outcome[]>(text, values);
  demandUnchanged(outcome);
  return outcome;
}

function insertStatement(
  parameters: SqlParameters,
  created: NewApiKey,
  { issuedBy, maxKeys }: InsertTerms,
  search: PlaceSearch,
): string {
  const { organizationId } = created.apiKey;
  const issuer = issuedBy ? callingKeyState(parameters, organizationId, issuedBy) : NO_ISSUER;
  return `WITH issuer AS MATERIALIZED (${issuer}),
    free AS MATERIALIZED (${search(parameters, organizationId, maxKeys)}),
    created AS (
      ${insertOf(newApiKeyRow(created), parameters, 'place')} FROM issuer, free WHERE accepted AND unchanged
      ON CONFLICT (organization_id, place) WHERE revoked_at IS NULL DO NOTHING RETURNING id
    ),
    kept AS (${insertOf(newSecretRow(created), parameters)} FROM created),
    told AS (${insertOf(newEventRow(created.event), parameters)} FROM created)
    SELECT accepted, unchanged, EXISTS (SELECT 1 FROM free) AS room, EXISTS (SELECT 1 FROM created) AS created
    FROM issuer`;
}
