import type { StoredImport } from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';

/** How many imported secrets are found in one way. */
export interface ImportedKeyUsage {
  /**
   * As `ImportedKeyLookups.parse` names it: `sha256`, `prefix:8`; with the pepper that they need, `hmac-sha256:old`,
   * `nestarc:old`, and `nestarc` of those that have a proof of ours.
   */
  readonly foundBy: string;
  /** As all of them are stored, but for the key. */
  readonly example: StoredImport;
  readonly secrets: number;
}

/** A digest without a salt and the colon before it. */
const WITHOUT_DIGEST = 'substr(secret.hash, 1, length(secret.hash) - 44)';

/** What a secret is found by, in SQL that both databases have. */
const FOUND_BY = [
  "CASE WHEN substr(secret.hash, 1, 8) = 'nestarc:' AND secret.proof IS NOT NULL THEN 'nestarc'",
  `WHEN substr(secret.hash, 1, 8) = 'nestarc:' OR substr(secret.hash, 1, 12) = 'hmac-sha256:' THEN ${WITHOUT_DIGEST}`,
  "WHEN substr(secret.lookup, 1, 7) = 'prefix:' THEN 'prefix:' || (length(secret.lookup) - 7)",
  "ELSE 'sha256' END",
].join(' ');

/** How the imported secrets are found that may still be used at `at`. Reads every one of them. */
export async function readImportedKeyUsage(dataSource: DataSource, at: Date): Promise<ImportedKeyUsage[]> {
  const rows = await dataSource
    .createQueryBuilder(ApiKeySecretRow, 'secret')
    .innerJoin('secret.apiKey', 'apiKey')
    .select(FOUND_BY, 'found_by')
    .addSelect('MIN(secret.hash)', 'hash')
    .addSelect('MIN(secret.lookup)', 'lookup')
    .addSelect('COUNT(*)', 'secrets')
    .where('secret.lookup IS NOT NULL AND apiKey.revokedAt IS NULL')
    .andWhere('(apiKey.expiresAt IS NULL OR apiKey.expiresAt > :at)', { at })
    .andWhere('(secret.validUntil IS NULL OR secret.validUntil > :at)')
    .groupBy('found_by')
    .orderBy('found_by')
    .getRawMany<Readonly<Record<'found_by' | 'hash' | 'lookup' | 'secrets', string>>>();
  // PostgreSQL gives its 64-bit counts as text.
  return rows.map(({ found_by: foundBy, hash, lookup, secrets }) => ({
    foundBy,
    example: { hash, lookup, isProven: foundBy === 'nestarc' },
    secrets: Number(secrets),
  }));
}
