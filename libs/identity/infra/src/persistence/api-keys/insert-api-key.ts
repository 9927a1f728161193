import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ApiKey, IdentityError, type InsertTerms, type NewApiKey } from '@feather-identity/core';
import { isForeignKeyViolation, isRefused, isStorageUnavailable, translateUniqueViolation } from '../sql/errors.js';
import type { StatementBuilder, Write } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import { ApiKeyRow, toApiKeyRow } from '../tables/api-keys.js';
import { ApiKeyLabelRow, toApiKeyLabelRows } from '../tables/api-key-labels.js';
import { ApiKeySecretRow, toApiKeySecretRow } from '../tables/api-key-secrets.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import { callingKeyState, lockUnchangedCaller, NO_ISSUER } from './caller-lock.js';
import { admitKey, countMore, limitReached, recount } from './key-limit.js';
import { assertPepperIsRemembered, pepperIsRemembered } from './remembered-pepper.js';

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
  yield* assertPepperIsRemembered(statements, secret.proof);
  yield* admitKey(statements, { organizationId, at: event.occurredAt, maxKeys: limitOf(terms) });
  try {
    yield statements.insert(ApiKeyRow, toApiKeyRow(apiKey));
    yield statements.insert(ApiKeySecretRow, toApiKeySecretRow(secret));
    yield* statements.insertAll(ApiKeyLabelRow, toApiKeyLabelRows(apiKey));
    yield statements.insert(AuditEventRow, toAuditEventRow(event));
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw translateUniqueViolation(error);
    throw new IdentityError('member.not_found', 'The member of the key was removed.');
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
  /** How many are stored, from the first one on; null for none, where the values of one were refused. */
  outcome: Promise<number | null>;
}

/**
 * New keys on PostgreSQL. Those of one organization have to follow each other, since its row is locked from the count to
 * the commit. Those of one calling key wait for it here, without a connection, and share the next statement, and with it its
 * one sync to disk. Those of several calling keys wait in the database.
 */
export class InsertGroups {
  readonly #last = new Map<string, Group>();

  constructor(private readonly storage: Storage) {}

  /**
   * Adds a key together with others on the same terms. False, with none of them stored, where one has values that are
   * refused: `insertApiKey` tells which. Throws as `ApiKeyRepository.insert`.
   */
  async insert(created: NewApiKey, terms: InsertTerms): Promise<boolean> {
    const group = this.groupFor({
      organizationId: created.apiKey.organizationId,
      issuedBy: terms.issuedBy ?? null,
      maxKeys: limitOf(terms),
    });
    const place = group.created.push(created);
    const stored = await group.outcome;
    if (stored !== null && place > stored) throw limitReached();
    return stored !== null;
  }

  private groupFor(terms: SharedTerms): Group {
    const name = nameOf(terms);
    const last = this.#last.get(name);
    if (last !== undefined && !last.isSent && last.created.length < MAX_GROUP) return last;
    const group: Group = { created: [], isSent: false, outcome: Promise.resolve(null) };
    group.outcome = this.send(group, terms, last?.outcome).finally(() => {
      if (this.#last.get(name) === group) this.#last.delete(name);
    });
    this.#last.set(name, group);
    return group;
  }

  private async send(group: Group, terms: SharedTerms, before: Group['outcome'] | undefined): Group['outcome'] {
    // Nobody waits for a second time-out.
    await before?.catch((error: unknown) => {
      if (isStorageUnavailable(error)) throw error;
    });
    // What else is made in this turn joins the group.
    await nextTurn();
    group.isSent = true;
    const { created } = group;
    const { statements } = this.storage;
    try {
      const isStored = await this.storage.writeStatement('createApiKeys', () =>
        insertTogether(statements, created, terms),
      );
      return isStored
        ? created.length
        : await this.storage.write('createApiKeys', () => countAndInsert(statements, created, terms));
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  }
}

/**
 * Adds keys by one statement of PostgreSQL, since the organization's row is locked from the count to the commit. False,
 * with nothing done, where the calling key has changed, the pepper is not remembered any more, or the organization's keys
 * have to be counted.
 */
function* insertTogether(
  statements: StatementBuilder,
  created: readonly NewApiKey[],
  { organizationId, issuedBy, maxKeys }: SharedTerms,
): Write<boolean> {
  const { tables } = statements;
  const parameters = statements.parameters();
  const issuer = issuedBy ? callingKeyState(tables, parameters, organizationId, issuedBy) : NO_ISSUER;
  const more = { organizationId, maxKeys, keys: created.length };
  const proofs = created.map(({ secret }) => secret.proof);
  const remembered = pepperIsRemembered(statements, parameters, proofs);
  const condition = `FROM issuer WHERE accepted AND unchanged AND ${remembered} AND`;
  const counted = countMore(tables, parameters, more, condition);
  const [apiKeys, secrets, events] = [
    created.map(({ apiKey }) => toApiKeyRow(apiKey)),
    created.map(({ secret }) => toApiKeySecretRow(secret)),
    created.map(({ event }) => toAuditEventRow(event)),
  ];
  const labels = created.flatMap(({ apiKey }) => toApiKeyLabelRows(apiKey));
  const labelled =
    labels.length === 0 ? '' : `labelled AS (${statements.insertRows(ApiKeyLabelRow, labels, parameters)}, counted),`;
  const text = `WITH issuer AS MATERIALIZED (${issuer}),
    counted AS (${counted}),
    created AS (${statements.insertRows(ApiKeyRow, apiKeys, parameters)}, counted),
    kept AS (${statements.insertRows(ApiKeySecretRow, secrets, parameters)}, counted),
    ${labelled}
    told AS (${statements.insertRows(AuditEventRow, events, parameters)}, counted)
    SELECT 1 FROM counted`;
  return (yield { text, values: parameters.values }).length > 0;
}

/**
 * Counts the organization's keys, adds as many of these as there may be, and answers how many. In an open transaction.
 * Throws what `ApiKeyRepository.insert` throws for each of them.
 */
function* countAndInsert(
  statements: StatementBuilder,
  created: readonly NewApiKey[],
  terms: SharedTerms,
): Write<number | null> {
  const { organizationId, issuedBy, maxKeys } = terms;
  if (issuedBy) yield* lockUnchangedCaller(statements, organizationId, issuedBy);
  const at = new Date(Math.max(...created.map(({ event }) => event.occurredAt.getTime())));
  const room = yield* recount(statements, { organizationId, at, maxKeys });
  const fitting = created.slice(0, room);
  return (yield* insertTogether(statements, fitting, terms)) ? fitting.length : null;
}

function limitOf({ maxKeys, mayExceed }: InsertTerms): number | undefined {
  return mayExceed ? undefined : maxKeys;
}

/** Equal for equal terms: those on the word of one key are not equal after a change of the key. */
function nameOf({ organizationId, issuedBy, maxKeys }: SharedTerms): string {
  return JSON.stringify([organizationId, maxKeys, issuedBy && toApiKeyRow(issuedBy)]);
}
