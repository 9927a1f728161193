import { importOutcomes, type InsertOutcome, type NewImportedApiKey, type TakenTexts } from '@feather-identity/core';
import type { Statement, StatementBuilder, Write } from '../sql/sql.js';
import { ApiKeyRow, toApiKeyRow } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecretRow } from '../tables/api-key-secrets.js';
import { AuditEventRow, toAuditEventRow } from '../tables/audit-events.js';
import { forgetCounts } from './key-limit.js';

/** PostgreSQL's advisory lock of imports, kept until the transaction ends; any number, the same everywhere. */
const ADVISORY_LOCK = 7_310_482_212;

const AMONG = { postgres: '= ANY($1::text[])', 'better-sqlite3': 'IN (SELECT value FROM json_each(?))' } as const;

/** The last 43 characters of a hash, the length of a SHA-256 in base64url: a pepper's name comes before them. */
const HASH_END = 'substr(secret.hash, length(secret.hash) - 42)';
const END_LENGTH = 43;

/**
 * Stores keys of another system as `ApiKeyRepository.insertImported` promises. In an open transaction. Imports take turns
 * and only imports write look-up texts and such public parts, so what is free when it is checked stays free.
 */
export function* insertImported(
  statements: StatementBuilder,
  imported: readonly NewImportedApiKey[],
  dryRun: boolean,
): Write<readonly InsertOutcome[]> {
  if (statements.dialect === 'postgres') {
    yield { text: 'SELECT pg_advisory_xact_lock($1)', values: [ADVISORY_LOCK] };
  }
  const outcomes = importOutcomes(imported, yield* takenTexts(statements, imported));
  const wanted = dryRun ? [] : imported.filter((_, index) => outcomes[index] === 'imported');
  if (wanted.length === 0) return outcomes;
  const [apiKeys, secrets, events] = [
    wanted.map(({ apiKey }) => toApiKeyRow(apiKey)),
    wanted.map(({ secret, lookup }) => ({ ...toApiKeySecretRow(secret), lookup })),
    wanted.map(({ event }) => toAuditEventRow(event)),
  ];
  const organizationIds = apiKeys.map(({ organizationId }) => organizationId);
  yield forgetCounts(statements, organizationIds);
  yield* statements.insertAll(ApiKeyRow, apiKeys);
  yield* statements.insertAll(ApiKeySecretRow, secrets);
  yield* statements.insertAll(AuditEventRow, events);
  return outcomes;
}

function* takenTexts(statements: StatementBuilder, imported: readonly NewImportedApiKey[]): Write<TakenTexts> {
  const same = yield hashesLike(
    statements,
    imported.map(({ secret }) => secret.hash ?? ''),
  );
  const found = yield secretsAmong(
    statements,
    'lookup',
    imported.map(({ lookup }) => lookup),
  );
  // A key's own public part is one of its secrets'.
  const shown = yield secretsAmong(
    statements,
    'key_prefix',
    imported.map(({ secret }) => secret.keyPrefix),
  );
  return {
    hashes: same.map((row) => [row['hash'] as string, row['organization_id'] as string]),
    lookups: found.map((row) => row['lookup'] as string),
    keyPrefixes: shown.map((row) => row['key_prefix'] as string),
  };
}

/**
 * Selects the look-up texts and public parts of the secrets that have one of these texts. The statement is the same for any
 * number of texts.
 */
export function secretsAmong(
  { dialect, tables }: StatementBuilder,
  column: 'lookup' | 'key_prefix',
  texts: readonly string[],
): Statement {
  return {
    text: `SELECT lookup, key_prefix FROM ${tables.apiKeySecrets} WHERE ${column} ${AMONG[dialect]}`,
    values: [listOf(dialect, texts)],
  };
}

/**
 * Selects the imported secrets whose hash equals one of these except for a pepper's name, with their organizations.
 */
function hashesLike({ dialect, tables }: StatementBuilder, hashes: readonly string[]): Statement {
  const ends = hashes.map((hash) => hash.slice(-END_LENGTH));
  const owner = `(SELECT organization_id FROM ${tables.apiKeys} WHERE id = secret.api_key_id) AS organization_id`;
  const secrets = `${tables.apiKeySecrets} secret WHERE secret.lookup IS NOT NULL AND ${HASH_END}`;
  // PostgreSQL would read the whole table for many hashes. OFFSET 0 makes it look each one up by the index.
  const found = {
    postgres:
      `unnest($1::text[]) AS wanted(ending) ` +
      `CROSS JOIN LATERAL (SELECT secret.hash, secret.api_key_id FROM ${secrets} = wanted.ending OFFSET 0) secret`,
    'better-sqlite3': `${secrets} ${AMONG['better-sqlite3']}`,
  };
  return {
    text: `SELECT secret.hash, ${owner} FROM ${found[dialect]}`,
    values: [listOf(dialect, ends)],
  };
}

function listOf(dialect: keyof typeof AMONG, texts: readonly string[]): string | readonly string[] {
  return dialect === 'postgres' ? texts : JSON.stringify(texts);
}
