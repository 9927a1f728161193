import {
  type ApiKey,
  type ApiKeyChange,
  type ApiKeyDetails,
  IdentityError,
  type SecretRotation,
} from '@feather-identity/core';
import { type EntityManager, IsNull } from 'typeorm';
import { holdUnchanged } from './calling-key.js';
import { toApiKeyRow } from './mappers/api-key.mapper.js';
import { toApiKeySecretRow } from './mappers/api-key-secret.mapper.js';
import { toAuditEventRow } from './mappers/audit-event.mapper.js';
import { readDetails } from './read-api-keys.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { AuditEventRow } from './rows/audit-event.row.js';
import { translateUniqueViolation } from './storage-error.js';

/** Which key is to be changed, and on whose word. */
export interface ChangeTarget {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly changedBy: ApiKey | null;
}

/** Changes a key as `ApiKeyRepository.change` promises. In an open transaction. */
export async function changeApiKey(
  manager: EntityManager,
  target: ChangeTarget,
  decide: (current: ApiKeyDetails) => ApiKeyChange | null,
): Promise<ApiKeyDetails> {
  const { organizationId, apiKeyId } = target;
  await holdKeys(manager, target);
  const current = await readDetails(manager, organizationId, apiKeyId);
  if (current === null || current.apiKey.revokedAt !== null) throw notFound();
  const change = decide(current);
  if (change === null) return current;
  await writeChange(manager, current, change);
  return (await readDetails(manager, organizationId, apiKeyId)) ?? current;
}

/**
 * Locks both keys until the transaction ends, on PostgreSQL: on SQLite nothing else writes meanwhile. In the order of
 * their ids, so that two keys that change each other wait in turn.
 */
async function holdKeys(manager: EntityManager, { organizationId, apiKeyId, changedBy }: ChangeTarget): Promise<void> {
  const holdTarget = async () => {
    if (manager.dataSource.options.type !== 'postgres') return;
    const select = 'SELECT 1 FROM api_keys WHERE id = $1 AND organization_id = $2 FOR NO KEY UPDATE';
    await manager.query(select, [apiKeyId, organizationId]);
  };
  const holdCaller = async () => {
    if (changedBy !== null) await holdUnchanged(manager, organizationId, changedBy);
  };
  const isTargetFirst = changedBy === null || apiKeyId <= changedBy.id;
  for (const hold of isTargetFirst ? [holdTarget, holdCaller] : [holdCaller, holdTarget]) await hold();
}

async function writeChange(manager: EntityManager, current: ApiKeyDetails, change: ApiKeyChange): Promise<void> {
  const { id } = current.apiKey;
  const { name, scopes, unrestricted, expiresAt, disabledAt, keyPrefix } = toApiKeyRow(change.apiKey);
  const columns = { name, scopes, unrestricted, expiresAt, disabledAt };
  try {
    await manager.update(ApiKeyRow, { id }, change.rotation ? { ...columns, keyPrefix } : columns);
    if (change.rotation) await rotate(manager, current, change.rotation, change.event.occurredAt);
    await manager.insert(AuditEventRow, toAuditEventRow(change.event));
  } catch (error) {
    throw translateUniqueViolation(error);
  }
}

async function rotate(
  manager: EntityManager,
  { apiKey, secrets }: ApiKeyDetails,
  { secret: next, previousValidUntil }: SecretRotation,
  at: Date,
): Promise<void> {
  // In the order in which their rows are locked elsewhere too.
  for (const { id, validUntil } of secrets.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (validUntil !== null && validUntil <= at) {
      await manager.delete(ApiKeySecretRow, { id });
    } else if (validUntil === null || validUntil > previousValidUntil) {
      await manager.update(ApiKeySecretRow, { id }, { validUntil: previousValidUntil });
    }
    if (validUntil === null) {
      await manager.update(ApiKeySecretRow, { id, lastUsedAt: IsNull() }, { lastUsedAt: apiKey.lastUsedAt });
    }
  }
  await manager.insert(ApiKeySecretRow, toApiKeySecretRow(next));
}

function notFound(): IdentityError {
  return new IdentityError('api_key.not_found', 'No such API key.');
}
