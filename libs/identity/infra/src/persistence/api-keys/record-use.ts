import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LastUsedFrom, ProofRenewal } from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import { batchSize } from '../sql/batch-size.js';
import type { Statement, StatementBuilder } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import type { WriteKind } from '../sql/write-kinds.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';

/** Writes when secrets were last used, unless a later instant is there. */
export function recordSecretUse(storage: Storage, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  const record = (id: string, at: Date) =>
    storage.statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
  return inBatches(storage, 'recordUse', [...lastUsed], record);
}

/** Writes when keys were last used, and from where, unless a later instant is there. */
export function recordKeyUse(
  storage: Storage,
  lastUsed: ReadonlyMap<string, Date>,
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Promise<void> {
  const record = (id: string, at: Date | undefined) => keyUse(storage.statements, id, at, from.get(id));
  const withoutTime = [...from.keys()].filter((id) => !lastUsed.has(id));
  const entries = [...lastUsed, ...withoutTime.map((id) => [id, undefined] as const)];
  if (storage.statements.dialect === 'postgres') return recordTogether(storage, entries, from);
  return inBatches(storage, 'recordUse', entries, record);
}

/**
 * A batch is one statement of PostgreSQL: a revocation would wait for one that takes a round trip for each key, and holds
 * their locks meanwhile. It locks the keys in the order of their ids, as everywhere.
 */
async function recordTogether(
  storage: Storage,
  entries: readonly (readonly [string, Date | undefined])[],
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Promise<void> {
  const { statements } = storage;
  const most = batchSize(statements);
  for (let first = 0; first < entries.length; first += most) {
    const batch = entries.slice(first, first + most);
    const places = batch.map(([id]) => from.get(id));
    const parameters = statements.parameters();
    const { apiKeys } = statements.tables;
    const ids = parameters.mark(
      batch.map(([id]) => id),
      'uuid[]',
    );
    const columns = [
      parameters.mark(
        batch.map(([, at]) => at ?? null),
        'timestamptz[]',
      ),
      parameters.mark(
        places.map((place) => place !== undefined),
        'boolean[]',
      ),
      parameters.mark(
        places.map((place) => place?.address ?? null),
        'text[]',
      ),
      parameters.mark(
        places.map((place) => place?.userAgent ?? null),
        'text[]',
      ),
    ];
    const text =
      `WITH held AS MATERIALIZED (SELECT id FROM ${apiKeys} WHERE id = ANY(${ids}) ORDER BY id FOR NO KEY UPDATE) ` +
      `UPDATE ${apiKeys} AS k SET last_used_at = coalesce(used.at, k.last_used_at), ` +
      'last_used_address = CASE WHEN used.is_located THEN used.address ELSE k.last_used_address END, ' +
      'last_used_user_agent = CASE WHEN used.is_located THEN used.user_agent ELSE k.last_used_user_agent END ' +
      `FROM unnest(${ids}, ${columns.join(', ')}) AS used (id, at, is_located, address, user_agent), held ` +
      'WHERE k.id = used.id AND k.id = held.id ' +
      'AND (used.at IS NULL OR k.last_used_at IS NULL OR k.last_used_at < used.at)';
    await storage.writeStatement('recordUse', function* () {
      yield { text, values: parameters.values };
    });
    await nextTurn();
  }
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

/** Replaces proofs, unless one is another by now or its key is revoked. */
export function replaceProofs(storage: Storage, renewals: readonly ProofRenewal[]): Promise<void> {
  const entries = renewals.map((renewal) => [renewal.secretId, renewal] as const);
  return inBatches(storage, 'renewProofs', entries, (id, renewal) => replaceProof(storage.statements, id, renewal));
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
  kind: WriteKind,
  entries: readonly (readonly [string, T])[],
  write: (id: string, entry: T) => Statement,
): Promise<void> {
  const most = batchSize(storage.statements);
  for (let at = 0; at < entries.length; at += most) {
    // One order for all processes: two flushes of the same rows must not deadlock.
    const sorted = entries.slice(at, at + most).sort(([a], [b]) => (a < b ? -1 : 1));
    const batch = sorted.map(([id, entry]) => write(id, entry));
    await storage.write(kind, function* () {
      for (const statement of batch) yield statement;
    });
    await nextTurn();
  }
}
