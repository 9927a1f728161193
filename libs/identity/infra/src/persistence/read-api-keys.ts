import type { ApiKeyDetails, ApiKeyPage } from '@feather-identity/core';
import { type EntityManager, IsNull, type SelectQueryBuilder } from 'typeorm';
import { toApiKey } from './mappers/api-key.mapper.js';
import { toApiKeySecret } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import type { ApiKeySecretRow } from './rows/api-key-secret.row.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** A part of an organization's keys, as `ApiKeyRepository.list` promises. */
export function readPage(manager: EntityManager, organizationId: string, page: ApiKeyPage): Promise<ApiKeyRow[]> {
  const { limit, after, includeRevoked = false } = page;
  const query = keysOf(manager, organizationId).orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' });
  if (!includeRevoked) query.andWhere({ revokedAt: IsNull() });
  if (after !== undefined) {
    query.andWhere('(apiKey.createdAt, apiKey.id) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
  }
  if (limit !== undefined) query.limit(limit);
  return query.getMany();
}

/** One key of an organization with its secrets, from one read. */
export async function readDetails(
  manager: EntityManager,
  organizationId: string,
  apiKeyId: string,
): Promise<ApiKeyDetails | null> {
  const row = await keysOf(manager, organizationId)
    .leftJoinAndSelect('apiKey.secrets', 'secret')
    .andWhere({ id: apiKeyId })
    .getOne();
  return row && { apiKey: toApiKey(row), secrets: row.secrets.sort(oldestFirst).map(toApiKeySecret) };
}

function keysOf(manager: EntityManager, organizationId: string): SelectQueryBuilder<ApiKeyRow> {
  return manager
    .createQueryBuilder(ApiKeyRow, 'apiKey')
    .innerJoin('apiKey.member', 'member', OWN_MEMBER)
    .where({ organizationId });
}

function oldestFirst(a: ApiKeySecretRow, b: ApiKeySecretRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
