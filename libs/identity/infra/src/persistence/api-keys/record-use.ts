import type { ProofRenewal } from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import type { Statement, StatementBuilder } from '../sql/sql.js';
import { ApiKeyRow } from '../tables/api-keys.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';

/** Writes when a key was last used, unless a later instant is there. */
export function recordKeyUse(statements: StatementBuilder, id: string, at: Date): Statement {
  return statements.update(ApiKeyRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
}

/** Writes when a secret was last used, unless a later instant is there. */
export function recordSecretUse(statements: StatementBuilder, id: string, at: Date): Statement {
  return statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
}

/** Replaces a proof, unless it is another one by now or its key is revoked. */
export function replaceProof(statements: StatementBuilder, id: string, { expected, proof }: ProofRenewal): Statement {
  const { tables } = statements;
  const parameters = statements.parameters();
  const text =
    `UPDATE ${tables.apiKeySecrets} AS secret SET proof = ${parameters.mark(proof, 'text')} ` +
    `WHERE secret.id = ${parameters.mark(id, 'uuid')} ` +
    `AND secret.proof IS NOT DISTINCT FROM ${parameters.mark(expected, 'text')} ` +
    // A value, and no EXISTS: PostgreSQL would join, while the table is small by a whole index, and keep that plan.
    `AND (SELECT k.revoked_at IS NULL FROM ${tables.apiKeys} k WHERE k.id = secret.api_key_id)`;
  return { text, values: parameters.values };
}
