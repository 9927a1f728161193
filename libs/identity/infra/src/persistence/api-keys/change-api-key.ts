import {
  type ApiKey,
  type ApiKeyChange,
  type ApiKeyDetails,
  IdentityError,
  isLaterEnd,
  lastUseOfCurrent,
  type SecretRotation,
} from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import { translateUniqueViolation } from '../sql/errors.js';
import type { StatementBuilder, Write } from '../sql/sql.js';
import { ApiKeyRow, toApiKeyChanges } from '../tables/api-keys.js';
import { ApiKeyLabelRow, toApiKeyLabelRows } from '../tables/api-key-labels.js';
import { ApiKeySecretRow, toApiKeySecretRow } from '../tables/api-key-secrets.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import { lockUnchangedCaller } from './caller-lock.js';
import { admitKey } from './key-limit.js';
import { detailsOf, selectDetails } from './read-api-keys.js';
import { assertPepperIsRemembered } from './remembered-pepper.js';

/** The key to change, and the key that authorizes it. */
export interface ChangeTarget {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly changedBy: ApiKey | null;
}

/** Changes a key as `ApiKeyRepository.change` promises. In an open transaction. */
export function* changeApiKey(
  statements: StatementBuilder,
  target: ChangeTarget,
  decide: (current: ApiKeyDetails) => ApiKeyChange | null,
): Write<ApiKeyDetails> {
  const select = selectDetails(statements, target.organizationId, target.apiKeyId);
  yield* holdKeys(statements, target);
  const current = detailsOf(statements, yield select);
  if (current === null || current.apiKey.revokedAt !== null) throw notFound();
  const change = decide(current);
  if (change === null) return current;
  yield* writeChange(statements, current, change);
  return detailsOf(statements, yield select) ?? current;
}

/**
 * Locks both keys until the transaction ends, in the order of their ids: two keys that change each other would deadlock
 * otherwise. On SQLite nothing else writes meanwhile.
 */
function* holdKeys(statements: StatementBuilder, { organizationId, apiKeyId, changedBy }: ChangeTarget): Write<void> {
  const holdTarget = function* (): Write<void> {
    if (statements.dialect !== 'postgres') return;
    const text = `SELECT 1 FROM ${statements.tables.apiKeys} WHERE id = $1 AND organization_id = $2 FOR NO KEY UPDATE`;
    yield { text, values: [apiKeyId, organizationId] };
  };
  const holdCaller = function* (): Write<void> {
    if (changedBy !== null) yield* lockUnchangedCaller(statements, organizationId, changedBy);
  };
  const isTargetFirst = changedBy === null || apiKeyId <= changedBy.id;
  for (const hold of isTargetFirst ? [holdTarget, holdCaller] : [holdCaller, holdTarget]) yield* hold();
}

function* writeChange(statements: StatementBuilder, current: ApiKeyDetails, change: ApiKeyChange): Write<void> {
  const { id, organizationId } = current.apiKey;
  const { occurredAt: at } = change.event;
  if (isLaterEnd(change.apiKey.expiresAt, current.apiKey.expiresAt) && !change.apiKey.hasExpired(at)) {
    // Counted also where it has not expired yet: an instance whose clock is ahead may have left it out of its count.
    const maxKeys = current.apiKey.hasExpired(at) ? change.maxKeys : undefined;
    yield* admitKey(statements, { organizationId, at, maxKeys });
  }
  const columns = toApiKeyChanges(change.apiKey);
  try {
    yield statements.update(
      ApiKeyRow,
      { id },
      change.rotation ? { ...columns, keyPrefix: change.apiKey.keyPrefix } : columns,
    );
    if (change.rotation) yield* rotate(statements, current, change.rotation, at);
    yield* changeLabels(statements, current.apiKey, change.apiKey);
    yield statements.insert(AuditEventRow, toAuditEventRow(change.event));
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

function* rotate(
  statements: StatementBuilder,
  { apiKey, secrets }: ApiKeyDetails,
  { secret: next, previousValidUntil }: SecretRotation,
  at: Date,
): Write<void> {
  yield* assertPepperIsRemembered(statements, next.proof);
  // An operator may have chosen it (BOOTSTRAP_API_KEY): if it were deleted, the next start would take it for a new key.
  const [first] = secrets;
  // In the order of their ids, as everywhere: writes that lock several secrets would deadlock otherwise.
  for (const { id, validUntil } of secrets.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (validUntil !== null && validUntil <= at) {
      // An imported secret stays: its look-up text keeps it from being imported again.
      if (id !== first?.id) yield statements.delete(ApiKeySecretRow, { id, lookup: IsNull() });
    } else if (validUntil === null || validUntil > previousValidUntil) {
      yield statements.update(ApiKeySecretRow, { id }, { validUntil: previousValidUntil });
    }
    const lastUsedAt = validUntil === null ? lastUseOfCurrent(apiKey.lastUsedAt, secrets) : null;
    if (lastUsedAt !== null) {
      const isEarlier = Or(IsNull(), LessThan(lastUsedAt));
      yield statements.update(ApiKeySecretRow, { id, lastUsedAt: isEarlier }, { lastUsedAt });
    }
  }
  yield statements.insert(ApiKeySecretRow, toApiKeySecretRow(next));
}

function* changeLabels(statements: StatementBuilder, current: ApiKey, next: ApiKey): Write<void> {
  const taken = current.labels.filter((label) => !next.labels.includes(label));
  for (const label of taken) yield statements.delete(ApiKeyLabelRow, { apiKeyId: current.id, label });
  const added = toApiKeyLabelRows(next).filter(({ label }) => !current.labels.includes(label));
  yield* statements.insertAll(ApiKeyLabelRow, added);
}

function notFound(): IdentityError {
  return new IdentityError('api_key.not_found', 'No such API key.');
}
