import type { LastUsedFrom, ProofRenewal } from '@feather-identity/core';
import { IsNull, LessThan, Or } from 'typeorm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchesById } from '../sql/batches.js';
import type { Statement, StatementBuilder } from '../sql/sql.js';
import type { Storage } from '../sql/storage.js';
import type { WriteKind } from '../sql/write-kinds.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';
import { pepperIsRemembered } from './remembered-pepper.js';

/** Writes when secrets were last used, unless a later instant is there. */
export function recordSecretUse(storage: Storage, lastUsed: ReadonlyMap<string, Date>): Promise<void> {
  const { statements } = storage;
  const ids = [...lastUsed.keys()];
  if (statements.dialect === 'postgres')
    return together(storage, ids, (batch) => secretUses(statements, batch, lastUsed));
  return inBatches(storage, 'recordUse', ids, sameId, (id) => {
    const at = lastUsed.get(id) as Date;
    return statements.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
  });
}

/** Writes when keys were last used, and from where, unless a later instant is there. */
export function recordKeyUse(
  storage: Storage,
  lastUsed: ReadonlyMap<string, Date>,
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Promise<void> {
  const { statements } = storage;
  // Ids alone, and no pairs of id and instant: 10,000 of these would live for the whole flush.
  const ids = [...lastUsed.keys()];
  for (const id of from.keys()) if (!lastUsed.has(id)) ids.push(id);
  if (statements.dialect === 'postgres')
    return together(storage, ids, (batch) => keyUses(statements, batch, lastUsed, from));
  return inBatches(storage, 'recordUse', ids, sameId, (id) => keyUse(statements, id, lastUsed.get(id), from.get(id)));
}

/**
 * Writes each batch by one statement of PostgreSQL. A revocation would wait for one that takes a round trip for each key, and
 * holds their locks meanwhile.
 */
async function together(
  storage: Storage,
  ids: readonly string[],
  write: (batch: readonly string[]) => Statement,
): Promise<void> {
  for await (const batch of batchesById(storage.statements, ids, sameId)) {
    const statement = write(batch);
    await storage.writeStatement('recordUse', function* () {
      yield statement;
    });
    await nextTurn();
  }
}

function sameId(id: string): string {
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

function secretUses(
  statements: StatementBuilder,
  ids: readonly string[],
  lastUsed: ReadonlyMap<string, Date>,
): Statement {
  const parameters = statements.parameters();
  const instants = ids.map((each) => lastUsed.get(each));
  const id = parameters.mark(ids, 'uuid[]');
  const used = `unnest(${id}, ${parameters.mark(instants, 'timestamptz[]')}) AS used (id, at)`;
  const text = updateUsed(statements.tables.apiKeySecrets, id, 'last_used_at = used.at', used);
  return { text, values: parameters.values };
}

function keyUses(
  statements: StatementBuilder,
  ids: readonly string[],
  lastUsed: ReadonlyMap<string, Date>,
  from: ReadonlyMap<string, LastUsedFrom | null>,
): Statement {
  const parameters = statements.parameters();
  const instants = ids.map((each) => lastUsed.get(each) ?? null);
  const places = ids.map((each) => from.get(each));
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
  for await (const entriesOfBatch of batchesById(storage.statements, entries, idOf)) {
    const batch = entriesOfBatch.map(write);
    await storage.write(kind, function* () {
      for (const statement of batch) yield statement;
    });
    await nextTurn();
  }
}
