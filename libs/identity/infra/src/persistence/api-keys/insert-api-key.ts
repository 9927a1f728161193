import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ApiKey, InsertTerms, NewApiKey } from '@feather-identity/core';
import { isRefused, translateUniqueViolation } from '../sql/errors.js';
import type { StatementBuilder, Write } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { ApiKeyRow, toApiKeyRow } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecretRow } from '../tables/api-key-secrets.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import { callingKeyState, lockUnchangedCaller, NO_ISSUER } from './caller-lock.js';
import { admitKey, countMore } from './key-limit.js';

/** The most keys of one statement: the organization's row stays locked while it runs. */
const MAX_GROUP = 32;

/** Adds a key, its secret and its event where the terms hold. In an open transaction. Throws as `ApiKeyRepository.insert`. */
export function* insertApiKey(
  statements: StatementBuilder,
  { apiKey, secret, event }: NewApiKey,
  terms: InsertTerms = {},
): Write<void> {
  const { organizationId } = apiKey;
  // The caller first, as everywhere: two that lock in different orders would wait for one another.
  if (terms.issuedBy) yield* lockUnchangedCaller(statements, organizationId, terms.issuedBy);
  yield* admitKey(statements, { organizationId, at: event.occurredAt, maxKeys: limitOf(terms) });
  try {
    yield statements.insert(ApiKeyRow, toApiKeyRow(apiKey));
    yield statements.insert(ApiKeySecretRow, toApiKeySecretRow(secret));
    yield statements.insert(AuditEventRow, toAuditEventRow(event));
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

/** What keys have in common that one statement can make. */
interface SharedTerms {
  readonly organizationId: string;
  readonly issuedBy: ApiKey | null;
  readonly maxKeys: number | undefined;
}

interface Group {
  readonly created: NewApiKey[];
  isSent: boolean;
  outcome: Promise<boolean>;
}

/**
 * New keys on PostgreSQL. Those of one organization have to follow each other, since its row is locked from the count to
 * the commit. They wait for it here, without a connection, and those that wait share the next statement, and with it its
 * one sync to disk.
 */
export class InsertGroups {
  readonly #last = new Map<string, Group>();

  constructor(private readonly storage: Storage) {}

  /** Adds a key together with others on the same terms. False, with none of them stored, as `insertTogether`. */
  insert(created: NewApiKey, insertTerms: InsertTerms): Promise<boolean> {
    const terms = sharedTerms(created, insertTerms);
    const name = nameOf(terms);
    const last = this.#last.get(name);
    if (last !== undefined && !last.isSent && last.created.length < MAX_GROUP) {
      last.created.push(created);
      return last.outcome;
    }
    const group: Group = { created: [created], isSent: false, outcome: Promise.resolve(false) };
    this.#last.set(name, group);
    group.outcome = this.send(group, terms, last?.outcome).finally(() => {
      if (this.#last.get(name) === group) this.#last.delete(name);
    });
    return group.outcome;
  }

  /** Rejects with the group before where PostgreSQL was away: nobody waits for a second time-out. */
  private async send(group: Group, terms: SharedTerms, before: Promise<boolean> | undefined): Promise<boolean> {
    await before;
    // What else is made in this turn joins the group.
    await nextTurn();
    group.isSent = true;
    const { statements } = this.storage;
    return this.storage.writeStatement(() => insertTogether(statements, group.created, terms));
  }
}

/**
 * Adds keys by one statement of PostgreSQL, since the organization's row is locked from the count to the commit. False,
 * with nothing done, where one of them may have to be refused, or the organization's keys have to be counted:
 * `insertApiKey` does so.
 */
function* insertTogether(
  statements: StatementBuilder,
  created: readonly NewApiKey[],
  { organizationId, issuedBy, maxKeys }: SharedTerms,
): Write<boolean> {
  const { tables } = statements;
  const parameters = statements.parameters();
  const issuer = issuedBy ? callingKeyState(tables, parameters, organizationId, issuedBy) : NO_ISSUER;
  const counted = countMore(
    tables,
    parameters,
    { organizationId, maxKeys, keys: created.length },
    'FROM issuer WHERE accepted AND unchanged AND',
  );
  const [apiKeys, secrets, events] = [
    statements.insertRows(
      ApiKeyRow,
      created.map(({ apiKey }) => toApiKeyRow(apiKey)),
      parameters,
    ),
    statements.insertRows(
      ApiKeySecretRow,
      created.map(({ secret }) => toApiKeySecretRow(secret)),
      parameters,
    ),
    statements.insertRows(
      AuditEventRow,
      created.map(({ event }) => toAuditEventRow(event)),
      parameters,
    ),
  ];
  const text = `WITH issuer AS MATERIALIZED (${issuer}), counted AS (${counted}),
    created AS (${apiKeys}, counted), kept AS (${secrets}, counted), told AS (${events}, counted)
    SELECT 1 FROM counted`;
  try {
    return (yield { text, values: parameters.values }).length > 0;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

/** The terms of a new key, without those that do not matter. */
function sharedTerms({ apiKey }: NewApiKey, terms: InsertTerms): SharedTerms {
  return { organizationId: apiKey.organizationId, issuedBy: terms.issuedBy ?? null, maxKeys: limitOf(terms) };
}

function limitOf({ maxKeys, mayExceed }: InsertTerms): number | undefined {
  return mayExceed ? undefined : maxKeys;
}

/** Equal for equal terms: those on the word of one key are not equal after a change of the key. */
function nameOf({ organizationId, issuedBy, maxKeys }: SharedTerms): string {
  return JSON.stringify([organizationId, maxKeys, issuedBy && toApiKeyRow(issuedBy)]);
}
