import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LastUsedFrom, ProofRenewal } from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import { batchesById } from '../sql/batches.js';
import type { Statement, StatementBuilder } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import type { WriteKind } from '../sql/write-kinds.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';
import { pepperIsRemembered } from './remembered-pepper.js';

/** Writes when secrets were last used, unless a later instant is there. */
export function recordSecretUse(storage: Storage, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  return inBatches(
    storage,
    'recordUse',
    [...lastUsed],
    ([id]) => id,
    ([id, at]) =>
      storage.statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at }),
  );
}

/** Writes when keys were last used, and from where, unless a later instant is there. */
export function recordKeyUse(
  storage: Storage,
  lastUsed: ReadonlyMap<string, Date>,
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Promise<void> {
  const ids = [...lastUsed.keys(), ...[...from.keys()].filter((id) => !lastUsed.has(id))];
  return inBatches(
    storage,
    'recordUse',
    ids,
    (id) => id,
    (id) => keyUse(storage.statements, id, lastUsed.get(id), from.get(id)),
  );
}

function keyUse(
  statements: StatementBuilder,
  id: string,
  at: Date | undefined,
  from: LastUsedFrom | null | undefined,
): Statement {
  const parameters = statements.parameters();
  const changes: string[] = [];
  let condition = `id = ${parameters.mark(id, 'uuid')}`;
  if (at !== undefined) {
    const instant = parameters.mark(at, 'timestamptz');
    changes.push(`last_used_at = ${instant}`);
    condition += ` AND (last_used_at IS NULL OR last_used_at < ${instant})`;
  }
  if (from !== undefined) {
    changes.push(`last_used_address = ${parameters.mark(from && from.address, 'text')}`);
    changes.push(`last_used_user_agent = ${parameters.mark(from && from.userAgent, 'text')}`);
  }
  const text = `UPDATE ${statements.tables.apiKeys} SET ${changes.join(', ')} WHERE ${condition}`;
  return { text, values: parameters.values };
}

/** Replaces proofs, unless one is another by now, its key is revoked, or the new pepper is not remembered any more. */
export function replaceProofs(storage: Storage, renewals: readonly ProofRenewal[]): Promise<void> {
  return inBatches(
    storage,
    'renewProofs',
    renewals,
    ({ secretId }) => secretId,
    (renewal) => replaceProof(storage.statements, renewal),
  );
}

function replaceProof(statements: StatementBuilder, { secretId, expected, proof }: ProofRenewal): Statement {
  const { tables } = statements;
  const parameters = statements.parameters();
  const text =
    `UPDATE ${tables.apiKeySecrets} AS secret SET proof = ${parameters.mark(proof, 'text')} ` +
    `WHERE secret.id = ${parameters.mark(secretId, 'uuid')} ` +
    `AND secret.proof IS NOT DISTINCT FROM ${parameters.mark(expected, 'text')} ` +
    // A value, and no EXISTS: PostgreSQL would join, while the table is small by a whole index, and keep that plan.
    `AND (SELECT k.revoked_at IS NULL FROM ${tables.apiKeys} k WHERE k.id = secret.api_key_id) ` +
    // Under a pepper that only this process has, no other one could check the secret.
    `AND ${pepperIsRemembered(statements, parameters, [proof])}`;
  return { text, values: parameters.values };
}

async function inBatches<T>(
  storage: Storage,
  kind: WriteKind,
  entries: readonly T[],
  idOf: (entry: T) => string,
  write: (entry: T) => Statement,
): Promise<void> {
  for (const entriesOfBatch of batchesById(storage.statements, entries, idOf)) {
    const batch = entriesOfBatch.map(write);
    await storage.write(kind, function* () {
      for (const statement of batch) yield statement;
    });
    await nextTurn();
  }
}
