import type { AuditEvent } from '@feather-identity/core';
import { type EntityManager, IsNull } from 'typeorm';
import { toAuditEventRow } from './mappers/audit-event.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { AuditEventRow } from './rows/audit-event.row.js';

/** Of a row of `api_keys`. An old secret in its grace period may be in use while the current one is not. */
const UNUSED =
  'api_keys.created_at < :since AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < :since) ' +
  'AND NOT EXISTS (SELECT 1 FROM api_key_secrets AS secret ' +
  'WHERE secret.api_key_id = api_keys.id AND secret.last_used_at >= :since)';

/** A key to revoke, and the event that tells of it. */
export interface Revocation {
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly event: AuditEvent;
  /** Only where it was neither made nor used since. */
  readonly unusedSince?: Date;
}

/** Revokes a key as `ApiKeyRepository.revoke` and `revokeUnused` promise. In an open transaction. */
export async function revokeApiKey(manager: EntityManager, revocation: Revocation): Promise<boolean> {
  const { organizationId, apiKeyId, event, unusedSince } = revocation;
  const update = manager
    .createQueryBuilder()
    .update(ApiKeyRow)
    .set({ revokedAt: event.occurredAt })
    .where({ organizationId, id: apiKeyId, revokedAt: IsNull() });
  if (unusedSince !== undefined) update.andWhere(UNUSED, { since: unusedSince });
  const { affected } = await update.execute();
  if (affected !== 1) return false;
  await manager.insert(AuditEventRow, toAuditEventRow(event));
  return true;
}

/** Ids of unused keys as `ApiKeyRepository.findUnused` promises, oldest first. */
export async function findUnusedIds(
  manager: EntityManager,
  organizationId: string,
  since: Date,
  limit: number,
): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder(ApiKeyRow, 'api_keys')
    .select(['api_keys.id'])
    .where({ organizationId, revokedAt: IsNull() })
    .andWhere(UNUSED, { since })
    .orderBy({ 'api_keys.createdAt': 'ASC', 'api_keys.id': 'ASC' })
    .limit(limit)
    .getMany();
  return rows.map(({ id }) => id);
}
