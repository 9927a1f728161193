import type { ProofRenewal } from '@feather-identity/core';
import { type EntityManager, IsNull, LessThan, Or } from 'typeorm';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';

/** Writes when a key was last used, unless a later instant is there. */
export function recordKeyUse(manager: EntityManager, id: string, at: Date): Promise<unknown> {
  return manager.update(ApiKeyRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
}

/** Writes when a secret was last used, unless a later instant is there. */
export function recordSecretUse(manager: EntityManager, id: string, at: Date): Promise<unknown> {
  return manager.update(ApiKeySecretRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
}

/** Replaces a proof, unless it is another one by now or its key is revoked. */
export function replaceProof(manager: EntityManager, id: string, { expected, proof }: ProofRenewal): Promise<unknown> {
  const unrevoked = manager
    .createQueryBuilder(ApiKeyRow, 'apiKey')
    .select('1')
    .where('apiKey.id = api_key_secrets.api_key_id AND apiKey.revokedAt IS NULL');
  return manager
    .createQueryBuilder()
    .update(ApiKeySecretRow)
    .set({ proof })
    .where({ id, proof: expected ?? IsNull() })
    .andWhere(`EXISTS (${unrevoked.getQuery()})`)
    .execute();
}
