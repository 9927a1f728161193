import { IdentityError, type InsertTerms, type NewApiKey } from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { callingKeyState, holdUnchanged, NO_ISSUER } from './calling-key.js';
import { freePlace, limitReached, type PlaceSearch, somePlace } from './free-place.js';
import { insertOnPostgres } from './insert-on-postgres.js';
import { insertOf, newApiKeyRow, newEventRow, newSecretRow } from './new-rows.js';
import { SqlParameters } from './sql-parameters.js';
import { translateUniqueViolation } from './storage-error.js';

/**
 * Adds a key, its secret and its event where the terms hold. Keys take numbered places in their organization,
 * as many as keys are allowed and each its own by a unique index: so the limit is exact, and no insert waits for others
 * to be counted. Past the ORM, which takes ten times as long, and by inserts alone: a collision is never an overwrite.
 * On SQLite it is to be run in a transaction. Throws as `ApiKeyRepository.insert`.
 */
export async function insertApiKey(manager: EntityManager, created: NewApiKey, terms: InsertTerms = {}): Promise<void> {
  const insert = manager.dataSource.options.type === 'postgres' ? insertOnPostgres : insertOnSqlite;
  try {
    await insert(manager, created, terms);
  } catch (error) {
    const isFull = error instanceof IdentityError && error.code === 'api_key.limit_reached';
    if (!isFull || !terms.mayExceed) throw translateUniqueViolation(error);
    await insertApiKey(manager, created, { issuedBy: terms.issuedBy });
  }
}

async function insertOnSqlite(manager: EntityManager, created: NewApiKey, terms: InsertTerms): Promise<void> {
  const { organizationId } = created.apiKey;
  const { issuedBy, maxKeys } = terms;
  const run = (build: (parameters: SqlParameters) => string): Promise<unknown[]> => {
    const parameters = new SqlParameters('better-sqlite3');
    const text = build(parameters);
    return manager.query(text, parameters.values);
  };
  const insertKey = async (search: PlaceSearch): Promise<boolean> => {
    const keys = await run((parameters) => {
      const insert = insertOf(newApiKeyRow(created), parameters, 'place');
      const place = search(parameters, organizationId, maxKeys);
      const issuer = issuedBy ? callingKeyState(parameters, organizationId, issuedBy) : NO_ISSUER;
      return `WITH issuer AS MATERIALIZED (${issuer}) ${insert} FROM (${place}), issuer WHERE accepted AND unchanged RETURNING id`;
    });
    return keys.length > 0;
  };
  if (!(await insertKey(somePlace))) {
    if (issuedBy) await holdUnchanged(manager, organizationId, issuedBy);
    if (!(await insertKey(freePlace))) throw limitReached();
  }
  await run((parameters) => insertOf(newSecretRow(created), parameters));
  await run((parameters) => insertOf(newEventRow(created.event), parameters));
}
