import type { StoredImport } from '@feather-identity/core';
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { MAC_LENGTH, PROOF_SCHEME } from '../../crypto/hmac-proof.js';
import { createMigrationDataSource } from './data-source.js';
import type { DatabaseLocation } from './database-url.js';
import { isSchemaMismatch } from '../sql/errors.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';
import { OperatorKeyRow } from '../tables/operator-keys.js';

/** How many stored secrets depend on one pepper. */
export interface PepperUsage {
  /** Null for secrets without a proof, or with one that cannot be read. */
  readonly pepperId: string | null;
  readonly secrets: number;
  /** How many of them have no bcrypt hash: without the pepper nothing can verify these. */
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
 * Counts the stored secrets by pepper, those of operator keys too. Secrets of revoked and expired keys are left out: they
 * verify nothing any more. Reads every secret, which takes seconds for a million, so it opens a connection without time limits.
 *
 * @param at - secrets and keys that have expired by then are left out
 */
export async function readPepperUsage(location: DatabaseLocation, at: Date): Promise<PepperUsage[]> {
  const dataSource = await createMigrationDataSource({ location, poolSize: 2 }).initialize();
  try {
    return await countByPepper(dataSource, at);
  } finally {
    await dataSource.destroy();
  }
}

/** What `readPepperUsage` counts, on a connection that may take its time. */
export function countByPepper(dataSource: DataSource, at: Date): Promise<PepperUsage[]> {
  return countAll(dataSource, at, (secrets) => secrets);
}

/**
 * Counts the secrets that nothing can verify: those without a hash whose pepper is missing.
 *
 * @param known - ids of the available peppers
 * @param at - secrets and keys that have expired by then are left out
 */
export function readLostPeppers(dataSource: DataSource, known: readonly string[], at: Date): Promise<PepperUsage[]> {
  return countAll(dataSource, at, (secrets) =>
    secrets.andWhere(`secret.hash IS NULL AND ${PEPPER_ID} NOT IN (:...known)`, { known }),
  );
}

/** Counts the secrets of keys of organizations and of operators together. */
async function countAll(
  dataSource: DataSource,
  at: Date,
  restrict: <Row extends ObjectLiteral>(secrets: SelectQueryBuilder<Row>) => SelectQueryBuilder<Row>,
): Promise<PepperUsage[]> {
  const counted = await read(usage(restrict(usableSecrets(dataSource, at))));
  const ofOperators = await read(usage(restrict(usableOperatorKeys(dataSource, at)))).catch((error: unknown) => {
    // The table is of this version; a backup may be older.
    if (isSchemaMismatch(error)) return [];
    throw error;
  });
  for (const { pepperId, secrets, withoutHash } of ofOperators) {
    const at = counted.findIndex((each) => each.pepperId === pepperId);
    const before = counted[at] ?? { secrets: 0, withoutHash: 0 };
    const sum = { pepperId, secrets: before.secrets + secrets, withoutHash: before.withoutHash + withoutHash };
    counted.splice(at === -1 ? counted.length : at, 1, sum);
  }
  return counted;
}

function usage<Row extends ObjectLiteral>(secrets: SelectQueryBuilder<Row>): SelectQueryBuilder<Row> {
  return secrets
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

/** The operator keys that are not revoked and have not expired at `at`. */
function usableOperatorKeys(dataSource: DataSource, at: Date): SelectQueryBuilder<OperatorKeyRow> {
  return dataSource
    .createQueryBuilder(OperatorKeyRow, 'secret')
    .where('secret.revokedAt IS NULL')
    .andWhere('(secret.expiresAt IS NULL OR secret.expiresAt > :at)', { at });
}

/** PostgreSQL gives its 64-bit counts as text. */
async function read<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Promise<PepperUsage[]> {
  const rows = await query.getRawMany<Readonly<Record<'pepper_id' | 'secrets' | 'without_hash', string>>>();
  return rows.map((row) => ({
    pepperId: row.pepper_id === '' ? null : row.pepper_id,
    secrets: Number(row.secrets),
    withoutHash: Number(row.without_hash),
  }));
}

/** How many imported secrets are found by one kind of look-up. */
export interface ImportedKeyUsage {
  /**
   * The kind of look-up, spelled as `ImportedKeyLookups.parse` takes it: `sha256`, `prefix:8`; followed by the name of
   * the pepper if the secrets need one: `hmac-sha256:old`, `nestarc:old`. `nestarc` alone stands for secrets that
   * have a proof under a pepper of this service.
   */
  readonly foundBy: string;
  /** One of them. */
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

/**
 * Counts the imported secrets by the kind of look-up that finds them. Reads every one of them.
 *
 * @param at - secrets and keys that have expired by then are left out
 */
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
