import type { ApiKeyDetails, ApiKeyPage } from '@feather-identity/core';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { toApiKey } from './mappers/api-key.mapper.js';
import { toApiKeySecret } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import type { ApiKeySecretRow } from './rows/api-key-secret.row.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** A part of an organization's keys, as `ApiKeyRepository.list` promises. */
export async function readPage(manager: EntityManager, organizationId: string, page: ApiKeyPage): Promise<ApiKeyRow[]> {
  const unrevoked = await readSorted(manager, organizationId, page, 'IS NULL');
  if (!page.includeRevoked) return unrevoked;
  // Each has an index of its own: making a key should not have to write to one for both.
  const revoked = await readSorted(manager, organizationId, page, 'IS NOT NULL');
  // One that was revoked between the two reads is in both.
  const byId = new Map([...unrevoked, ...revoked].map((row) => [row.id, row]));
  return [...byId.values()].sort(newestFirst).slice(0, page.limit);
}

function readSorted(
  manager: EntityManager,
  organizationId: string,
  { limit, after }: ApiKeyPage,
  revokedAt: 'IS NULL' | 'IS NOT NULL',
): Promise<ApiKeyRow[]> {
  const query = keysOf(manager, organizationId)
    .andWhere(`apiKey.revokedAt ${revokedAt}`)
    .orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' });
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

function newestFirst(a: ApiKeyRow, b: ApiKeyRow): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

function oldestFirst(a: ApiKeySecretRow, b: ApiKeySecretRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
