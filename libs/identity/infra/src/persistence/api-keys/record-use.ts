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
  const { statements } = storage;
  const entries = [...lastUsed];
  if (statements.dialect === 'postgres') return together(storage, entries, (batch) => secretUses(statements, batch));
  return inBatches(storage, 'recordUse', entries, idOfEntry, ([id, at]) =>
    statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at }),
  );
}

/** Writes when keys were last used, and from where, unless a later instant is there. */
export function recordKeyUse(
  storage: Storage,
  lastUsed: ReadonlyMap<string, Date>,
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Promise<void> {
  const { statements } = storage;
  const withoutTime = [...from.keys()].filter((id) => !lastUsed.has(id));
  const entries = [...lastUsed, ...withoutTime.map((id) => [id, undefined] as const)];
  if (statements.dialect === 'postgres') return together(storage, entries, (batch) => keyUses(statements, batch, from));
  return inBatches(storage, 'recordUse', entries, idOfEntry, ([id, at]) => keyUse(statements, id, at, from.get(id)));
}

/**
 * Writes each batch by one statement of PostgreSQL. A revocation would wait for one that takes a round trip for each key, and
 * holds their locks meanwhile.
 */
async function together<T extends readonly [id: string, ...unknown[]]>(
  storage: Storage,
  entries: readonly T[],
  write: (batch: readonly T[]) => Statement,
): Promise<void> {
  for (const batch of batchesById(storage.statements, entries, idOfEntry)) {
    const statement = write(batch);
    await storage.writeStatement('recordUse', function* () {
      yield statement;
    });
    await nextTurn();
  }
}

function idOfEntry([id]: readonly [id: string, ...unknown[]]): string {
  return id;
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
