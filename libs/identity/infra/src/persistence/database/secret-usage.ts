import type { StoredImport } from '@feather-identity/core';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { MAC_LENGTH, PROOF_SCHEME } from '../../crypto/hmac-proof.js';
import { createMigrationDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';

/** How many secrets have their proof under one pepper. */
export interface PepperUsage {
  /** Null for secrets without a proof, or with one that cannot be read. */
  readonly pepperId: string | null;
  readonly secrets: number;
  /** How many of them nothing verifies without the pepper. */
  readonly withoutHash: number;
}

const HEAD = `${PROOF_SCHEME}:`;
const AROUND_ID = `${HEAD}:`.length + MAC_LENGTH;

/** The pepper id that stands in a proof, in SQL that both databases have; an empty text for other values. */
const PEPPER_ID = [
  `CASE WHEN substr(secret.proof, 1, ${HEAD.length}) = '${HEAD}'`,
  `AND substr(secret.proof, length(secret.proof) - ${MAC_LENGTH}, 1) = ':' AND length(secret.proof) > ${AROUND_ID}`,
  `THEN substr(secret.proof, ${HEAD.length + 1}, length(secret.proof) - ${AROUND_ID}) ELSE '' END`,
].join(' ');

/**
 * Which peppers the stored secrets depend on. Secrets of revoked keys, and what has expired at `at`, do not count: they
 * cannot be lost any more. Reads every secret, seconds for a million, and so on a connection without limits of time.
 */
export async function readPepperUsage(location: DatabaseLocation, at: Date): Promise<PepperUsage[]> {
  const dataSource = await createMigrationDataSource({ location, poolSize: 2 }).initialize();
  try {
    return await read(usage(dataSource, at));
  } finally {
    await dataSource.destroy();
  }
}

/** The part of the usage that is lost: secrets without a hash whose proof is under none of the known peppers. */
export function readLostPeppers(dataSource: DataSource, known: readonly string[], at: Date): Promise<PepperUsage[]> {
  return read(usage(dataSource, at).andWhere(`secret.hash IS NULL AND ${PEPPER_ID} NOT IN (:...known)`, { known }));
}

function usage(dataSource: DataSource, at: Date): SelectQueryBuilder<ApiKeySecretRow> {
  return usableSecrets(dataSource, at)
    .select(PEPPER_ID, 'pepper_id')
    .addSelect('COUNT(*)', 'secrets')
    .addSelect('COUNT(*) - COUNT(secret.hash)', 'without_hash')
    .groupBy('pepper_id');
}

/** The secrets of keys that are not revoked, where neither has expired at `at`. */
function usableSecrets(dataSource: DataSource, at: Date): SelectQueryBuilder<ApiKeySecretRow> {
  return dataSource
    .createQueryBuilder(ApiKeySecretRow, 'secret')
    .innerJoin('secret.apiKey', 'apiKey')
    .where('apiKey.revokedAt IS NULL')
    .andWhere('(apiKey.expiresAt IS NULL OR apiKey.expiresAt > :at)', { at })
    .andWhere('(secret.validUntil IS NULL OR secret.validUntil > :at)');
}

/** PostgreSQL gives its 64-bit counts as text. */
async function read(query: SelectQueryBuilder<ApiKeySecretRow>): Promise<PepperUsage[]> {
  const rows = await query.getRawMany<Readonly<Record<'pepper_id' | 'secrets' | 'without_hash', string>>>();
  return rows.map((row) => ({
    pepperId: row.pepper_id === '' ? null : row.pepper_id,
    secrets: Number(row.secrets),
    withoutHash: Number(row.without_hash),
  }));
}

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
  const rows = await usableSecrets(dataSource, at)
    .select(FOUND_BY, 'found_by')
    .addSelect('MIN(secret.hash)', 'hash')
    .addSelect('MIN(secret.lookup)', 'lookup')
    .addSelect('COUNT(*)', 'secrets')
    .andWhere('secret.lookup IS NOT NULL')
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
