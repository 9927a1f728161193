import type { ApiKeyDetails, ApiKeyPage } from '@feather-identity/core';
import type { SelectQueryBuilder } from 'typeorm';
import { toApiKey } from './mappers/api-key.mapper.js';
import { toApiKeySecret } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { type RawRow, type Statement, statementOf } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';
import type { Storage } from './storage.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** A part of an organization's keys, as `ApiKeyRepository.list` promises. */
export async function readPage(storage: Storage, organizationId: string, page: ApiKeyPage): Promise<ApiKeyRow[]> {
  const { statements } = storage;
  const rowsWhere = async (revokedAt: 'IS NULL' | 'IS NOT NULL') => {
    const select = statementOf(pageOfKeys(statements, organizationId, page, revokedAt));
    return statements.rowsOf(ApiKeyRow, 'apiKey', await storage.read(select));
  };
  const unrevoked = await rowsWhere('IS NULL');
  if (!page.includeRevoked) return unrevoked;
  // Each has an index of its own: making a key should not have to write to one for both.
  const revoked = await rowsWhere('IS NOT NULL');
  // One that was revoked between the two reads is in both.
  const byId = new Map([...unrevoked, ...revoked].map((row) => [row.id, row]));
  return [...byId.values()].sort(newestFirst).slice(0, page.limit);
}

function pageOfKeys(
  statements: StatementBuilder,
  organizationId: string,
  { limit, after }: ApiKeyPage,
  revokedAt: 'IS NULL' | 'IS NOT NULL',
): SelectQueryBuilder<ApiKeyRow> {
  const query = keysOf(statements, organizationId)
    .andWhere(`apiKey.revokedAt ${revokedAt}`)
    .orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' });
  if (after !== undefined) {
    query.andWhere('(apiKey.createdAt, apiKey.id) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
  }
  if (limit !== undefined) query.limit(limit);
  return query;
}

/** Selects one key of an organization with its secrets, in one read: the rows of `detailsOf`. */
export function selectDetails(statements: StatementBuilder, organizationId: string, apiKeyId: string): Statement {
  return statementOf(
    keysOf(statements, organizationId).leftJoinAndSelect('apiKey.secrets', 'secret').andWhere({ id: apiKeyId }),
  );
}

/** The key that was selected, and its secrets, oldest first. */
export function detailsOf(statements: StatementBuilder, rows: readonly RawRow[]): ApiKeyDetails | null {
  const [first] = rows;
  const apiKey = first && statements.rowOf(ApiKeyRow, 'apiKey', first);
  if (!apiKey) return null;
  const secrets: ApiKeySecretRow[] = [];
  for (const row of rows) {
    const secret = statements.rowOf(ApiKeySecretRow, 'secret', row);
    if (secret !== null) secrets.push(secret);
  }
  return { apiKey: toApiKey(apiKey), secrets: secrets.sort(oldestFirst).map(toApiKeySecret) };
}

function keysOf(statements: StatementBuilder, organizationId: string): SelectQueryBuilder<ApiKeyRow> {
  return statements
    .select(ApiKeyRow, 'apiKey')
    .innerJoin('apiKey.member', 'member', OWN_MEMBER)
    .where({ organizationId });
}

function newestFirst(a: ApiKeyRow, b: ApiKeyRow): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}

function oldestFirst(a: ApiKeySecretRow, b: ApiKeySecretRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
