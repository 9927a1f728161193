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
  const { statements } = storage;
  if (statements.dialect === 'postgres') {
    return together(storage, [...lastUsed], (batch) => secretUses(statements, batch));
  }
  const record = (id: string, at: Date) =>
    statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
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
  if (storage.statements.dialect === 'postgres') {
    return together(storage, entries, (batch) => keyUses(storage.statements, batch, from));
  }
  return inBatches(storage, 'recordUse', entries, record);
}

/**
 * Writes each batch by one statement of PostgreSQL. A revocation would wait for one that takes a round trip for each key, and
 * holds their locks meanwhile.
 */
async function together<T>(
  storage: Storage,
  entries: readonly T[],
  write: (batch: readonly T[]) => Statement,
): Promise<void> {
  const most = batchSize(storage.statements);
  for (let first = 0; first < entries.length; first += most) {
    const statement = write(entries.slice(first, first + most));
    await storage.writeStatement('recordUse', function* () {
      yield statement;
    });
    await nextTurn();
  }
}

/** SQL that updates rows `k` by those of `used`, which have their ids. It locks them in the order of ids, as everywhere. */
function updateUsed(table: string, ids: string, set: string, used: string): string {
  return (
    `WITH held AS MATERIALIZED (SELECT id FROM ${table} WHERE id = ANY(${ids}) ORDER BY id FOR NO KEY UPDATE) ` +
    `UPDATE ${table} AS k SET ${set} FROM ${used}, held WHERE k.id = used.id AND k.id = held.id ` +
    'AND (used.at IS NULL OR k.last_used_at IS NULL OR k.last_used_at < used.at)'
  );
}

function secretUses(statements: StatementBuilder, batch: readonly (readonly [string, Date])[]): Statement {
  const parameters = statements.parameters();
  const [ids, instants] = [batch.map(([id]) => id), batch.map(([, at]) => at)];
  const id = parameters.mark(ids, 'uuid[]');
  const used = `unnest(${id}, ${parameters.mark(instants, 'timestamptz[]')}) AS used (id, at)`;
  const text = updateUsed(statements.tables.apiKeySecrets, id, 'last_used_at = used.at', used);
  return { text, values: parameters.values };
}

function keyUses(
  statements: StatementBuilder,
  batch: readonly (readonly [string, Date | undefined])[],
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Statement {
  const parameters = statements.parameters();
  const [ids, instants] = [batch.map(([id]) => id), batch.map(([, at]) => at ?? null)];
  const places = ids.map((id) => from.get(id));
  const id = parameters.mark(ids, 'uuid[]');
  const isLocated = places.map((place) => place !== undefined);
  const [addresses, userAgents] = [
    places.map((each) => each?.address ?? null),
    places.map((each) => each?.userAgent ?? null),
  ];
  const used =
    `unnest(${id}, ${parameters.mark(instants, 'timestamptz[]')}, ${parameters.mark(isLocated, 'boolean[]')}, ` +
    `${parameters.mark(addresses, 'text[]')}, ${parameters.mark(userAgents, 'text[]')}) ` +
    'AS used (id, at, is_located, address, user_agent)';
  const set =
    'last_used_at = coalesce(used.at, k.last_used_at), ' +
    'last_used_address = CASE WHEN used.is_located THEN used.address ELSE k.last_used_address END, ' +
    'last_used_user_agent = CASE WHEN used.is_located THEN used.user_agent ELSE k.last_used_user_agent END';
  return { text: updateUsed(statements.tables.apiKeys, id, set, used), values: parameters.values };
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
