import type { Statement } from './statement.js';
import type { StatementBuilder } from './statement-builder.js';

/**
 * Selects the look-up texts, public parts and hashes of secrets that have one of these texts, by a statement of one text
 * for any number of values.
 */
export function secretsAmong(
  { dialect, tables }: StatementBuilder,
  column: 'lookup' | 'key_prefix',
  texts: readonly string[],
): Statement {
  const among = dialect === 'postgres' ? '= ANY($1::text[])' : 'IN (SELECT value FROM json_each(?))';
  return {
    text: `SELECT lookup, key_prefix, hash FROM ${tables.apiKeySecrets} WHERE ${column} ${among}`,
    values: [dialect === 'postgres' ? texts : JSON.stringify(texts)],
  };
}
