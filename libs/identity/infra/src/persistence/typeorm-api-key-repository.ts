import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ApiKey,
  type ApiKeyCredential,
  ApiKeyRepository,
  type NewApiKey,
  type ProofRenewal,
} from '@feather-identity/core';
import { type EntityManager, IsNull, LessThan, Or } from 'typeorm';
import { createCredentialLoader, type CredentialLoader } from './credentials/credential-loader.js';
import { insertApiKey } from './insert-api-key.js';
import { toApiKey } from './mappers/api-key.mapper.js';
import { ApiKeyRow } from './rows/api-key.row.js';
import { ApiKeySecretRow } from './rows/api-key-secret.row.js';
import type { Storage } from './storage.js';

/** Hides a key whose member is another organization's, should one ever get past the foreign keys. */
const OWN_MEMBER = 'member.organizationId = apiKey.organizationId';

/** Rows in one transaction: on SQLite nothing else runs meanwhile, on PostgreSQL their locks are held. */
const BATCH = 100;

/** Keys in SQLite or PostgreSQL. */
export class TypeOrmApiKeyRepository extends ApiKeyRepository {
  readonly #credentials: CredentialLoader;

  constructor(private readonly storage: Storage) {
    super();
    this.#credentials = createCredentialLoader(storage.dataSource);
  }

  /** Look-ups of credentials that reached the database since the process started. */
  get credentialQueries(): number {
    return this.#credentials.queries;
  }

  override insert(created: NewApiKey, issuedBy?: string): Promise<void> {
    const insert = (manager: EntityManager) => insertApiKey(manager, created, issuedBy);
    return this.storage.dataSource.options.type === 'postgres'
      ? this.storage.statement(insert)
      : this.storage.write(insert);
  }

  override async listUnrevoked(organizationId: string): Promise<ApiKey[]> {
    const rows = await this.storage.statement((manager) =>
      manager
        .createQueryBuilder(ApiKeyRow, 'apiKey')
        .innerJoin('apiKey.member', 'member', OWN_MEMBER)
        .where({ organizationId, revokedAt: IsNull() })
        .orderBy({ 'apiKey.createdAt': 'DESC', 'apiKey.id': 'DESC' })
        .getMany(),
    );
    return rows.map(toApiKey);
  }

  override async revoke(organizationId: string, apiKeyId: string, at: Date): Promise<boolean> {
    const { affected } = await this.storage.write((manager) =>
      manager.update(ApiKeyRow, { organizationId, id: apiKeyId, revokedAt: IsNull() }, { revokedAt: at }),
    );
    return affected === 1;
  }

  override findCredential(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return this.#credentials.find(keyPrefix);
  }

  override async replaceProofs(renewals: readonly ProofRenewal[]): Promise<void> {
    await this.inBatches(
      renewals.map((renewal) => [renewal.secretId, renewal] as const),
      replaceProof,
    );
  }

  override async recordLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    await this.inBatches([...lastUsed], updateLastUsed);
  }

  private async inBatches<T>(
    entries: readonly (readonly [string, T])[],
    write: (manager: EntityManager, id: string, entry: T) => Promise<unknown>,
  ): Promise<void> {
    // One order for all processes: two flushes of the same rows must not deadlock.
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (let at = 0; at < sorted.length; at += BATCH) {
      await this.storage.write(async (manager) => {
        for (const [id, entry] of sorted.slice(at, at + BATCH)) await write(manager, id, entry);
      });
      await nextTurn();
    }
  }
}

function updateLastUsed(manager: EntityManager, id: string, at: Date): Promise<unknown> {
  return manager.update(ApiKeyRow, { id, lastUsedAt: Or(IsNull(), LessThan(at)) }, { lastUsedAt: at });
}

function replaceProof(manager: EntityManager, id: string, { expected, proof }: ProofRenewal): Promise<unknown> {
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
