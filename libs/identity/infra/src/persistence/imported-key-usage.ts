import type { DataSource } from 'typeorm';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';

/** How many imported secrets are found in one way. */
export interface ImportedKeyUsage {
  /** As `ImportedKeyLookups.parse` names it: `sha256`, `prefix:8`; an HMAC with its pepper, `hmac-sha256:old`. */
  readonly foundBy: string;
  /** One of their look-up texts. */
  readonly example: string;
  readonly secrets: number;
}

/** What a look-up text is found by, in SQL that both databases have. */
const FOUND_BY = [
  "CASE WHEN substr(secret.lookup, 1, 7) = 'prefix:' THEN 'prefix:' || (length(secret.lookup) - 7)",
  "WHEN substr(secret.lookup, 1, 12) = 'hmac-sha256:' THEN substr(secret.lookup, 1, length(secret.lookup) - 44)",
  "ELSE 'sha256' END",
].join(' ');

/** How the imported secrets are found that may still be used at `at`. Reads every one of them. */
export async function readImportedKeyUsage(dataSource: DataSource, at: Date): Promise<ImportedKeyUsage[]> {
  const rows = await dataSource
    .createQueryBuilder(ApiKeySecretRow, 'secret')
    .innerJoin('secret.apiKey', 'apiKey')
    .select(FOUND_BY, 'found_by')
    .addSelect('MIN(secret.lookup)', 'example')
    .addSelect('COUNT(*)', 'secrets')
    .where('secret.lookup IS NOT NULL AND apiKey.revokedAt IS NULL')
    .andWhere('(apiKey.expiresAt IS NULL OR apiKey.expiresAt > :at)', { at })
    .andWhere('(secret.validUntil IS NULL OR secret.validUntil > :at)')
    .groupBy('found_by')
    .orderBy('found_by')
    .getRawMany<Readonly<Record<'found_by' | 'example' | 'secrets', string>>>();
  // PostgreSQL gives its 64-bit counts as text.
  return rows.map(({ found_by: foundBy, example, secrets }) => ({ foundBy, example, secrets: Number(secrets) }));
}
