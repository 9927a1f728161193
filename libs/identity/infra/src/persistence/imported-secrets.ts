import type { Statement } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';

const AMONG = { postgres: '= ANY($1::text[])', 'better-sqlite3': 'IN (SELECT value FROM json_each(?))' } as const;

/** How a hash ends, by as many characters as a SHA-256 has in base64url: no name of a pepper is among them. */
const HASH_END = 'substr(secret.hash, length(secret.hash) - 42)';
const END_LENGTH = 43;

/**
 * Selects the look-up texts and public parts of secrets that have one of these texts, by a statement of one text for any
 * number of values.
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
 * Selects the hashes of imported secrets that end as one of these, and whose they are: all that are the same but for a
 * pepper's name.
 */
export function hashesLike({ dialect, tables }: StatementBuilder, hashes: readonly string[]): Statement {
  const ends = hashes.map((hash) => hash.slice(-END_LENGTH));
  const owner = `(SELECT organization_id FROM ${tables.apiKeys} WHERE id = secret.api_key_id) AS organization_id`;
  const secrets = `${tables.apiKeySecrets} secret WHERE secret.lookup IS NOT NULL AND ${HASH_END}`;
  // Left to guess how many rows many hashes find, PostgreSQL reads the whole table for them: OFFSET 0 has it look for each.
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
