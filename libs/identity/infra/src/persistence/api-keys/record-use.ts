import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProofRenewal } from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import type { Statement, StatementBuilder } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import type { ApiKeyRow } from '../tables/api-keys.js';
import type { ApiKeySecretRow } from '../tables/api-key-secrets.js';

/** Rows in one transaction: on SQLite nothing else runs meanwhile, on PostgreSQL their locks are held. */
const BATCH = 100;

/** Writes when keys, or secrets, were last used, unless a later instant is there. */
export function recordUse(
  storage: Storage,
  of: typeof ApiKeyRow | typeof ApiKeySecretRow,
  lastUsed: ReadonlyMap<string, Date>,
): Promise<void> {
  const record = (id: string, at: Date) =>
    storage.statements.update<ApiKeyRow | ApiKeySecretRow>(
      of,
      { id, lastUsedAt: Or(IsNull(), LessThan(at)) },
      { lastUsedAt: at },
    );
  return inBatches(storage, [...lastUsed], record);
}

/** Replaces proofs, unless one is another by now or its key is revoked. */
export function replaceProofs(storage: Storage, renewals: readonly ProofRenewal[]): Promise<void> {
  const entries = renewals.map((renewal) => [renewal.secretId, renewal] as const);
  return inBatches(storage, entries, (id, renewal) => replaceProof(storage.statements, id, renewal));
}

function replaceProof(statements: StatementBuilder, id: string, { expected, proof }: ProofRenewal): Statement {
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

async function inBatches<T>(
  storage: Storage,
  entries: readonly (readonly [string, T])[],
  write: (id: string, entry: T) => Statement,
): Promise<void> {
  // One order for all processes: two flushes of the same rows must not deadlock.
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (let at = 0; at < sorted.length; at += BATCH) {
    const batch = sorted.slice(at, at + BATCH).map(([id, entry]) => write(id, entry));
    await storage.write(function* () {
      for (const statement of batch) yield statement;
    });
    await nextTurn();
  }
}
