import type { ApiKeyDetails, ApiKeyPage } from '@feather-identity/core';
import { IsNull, type SelectQueryBuilder } from 'typeorm';
import { toApiKey } from './mappers/api-key.mapper.js';
import { toApiKeySecret } from './mappers/api-key-secret.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import { type RawRow, type Statement, statementOf } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** Selects a part of an organization's keys, as `ApiKeyRepository.list` promises. */
export function pageOfKeys(
  statements: StatementBuilder,
  organizationId: string,
  page: ApiKeyPage,
): SelectQueryBuilder<ApiKeyRow> {
  const { limit, after, includeRevoked = false } = page;
  const query = keysOf(statements, organizationId).orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' });
  if (!includeRevoked) query.andWhere({ revokedAt: IsNull() });
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

function oldestFirst(a: ApiKeySecretRow, b: ApiKeySecretRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
