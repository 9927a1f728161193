import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ApiKey,
  type ApiKeyChange,
  type ApiKeyCredential,
  type ApiKeyDetails,
  type ApiKeyPage,
  ApiKeyRepository,
  type AuditEvent,
  type InsertTerms,
  type NewApiKey,
  type ProofRenewal,
} from '@feather-identity/core';
import type { EntityManager } from 'typeorm';
import { changeApiKey } from './change-api-key.js';
import { createCredentialLoader, type CredentialLoader } from './credentials/credential-loader.js';
import { insertApiKey } from './insert-api-key.js';
import { toApiKey } from './mappers/api-key.mapper.js';
import { readDetails, readPage } from './read-api-keys.js';
import { recordKeyUse, recordSecretUse, replaceProof } from './record-api-key-use.js';
import { findUnusedIds, revokeApiKey } from './revoke-api-key.js';
import type { Storage } from './storage.js';

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

  override insert(created: NewApiKey, terms?: InsertTerms): Promise<void> {
    const insert = (manager: EntityManager) => insertApiKey(manager, created, terms);
    return this.storage.dataSource.options.type === 'postgres'
      ? this.storage.statement(insert)
      : this.storage.write(insert);
  }

  override async list(organizationId: string, page: ApiKeyPage = {}): Promise<ApiKey[]> {
    const rows = await this.storage.statement((manager) => readPage(manager, organizationId, page));
    return rows.map(toApiKey);
  }

  override find(organizationId: string, apiKeyId: string): Promise<ApiKeyDetails | null> {
    return this.storage.statement((manager) => readDetails(manager, organizationId, apiKeyId));
  }

  override change(
    organizationId: string,
    apiKeyId: string,
    decide: (current: ApiKeyDetails) => ApiKeyChange | null,
    changedBy: ApiKey | null = null,
  ): Promise<ApiKeyDetails> {
    const target = { organizationId, apiKeyId, changedBy };
    return this.storage.write((manager) => changeApiKey(manager, target, decide));
  }

  override revoke(organizationId: string, apiKeyId: string, event: AuditEvent): Promise<boolean> {
    return this.storage.write((manager) => revokeApiKey(manager, { organizationId, apiKeyId, event }));
  }

  override findUnused(organizationId: string, since: Date, limit: number): Promise<string[]> {
    return this.storage.statement((manager) => findUnusedIds(manager, organizationId, since, limit));
  }

  override revokeUnused(
    organizationId: string,
    apiKeyId: string,
    unusedSince: Date,
    event: AuditEvent,
  ): Promise<boolean> {
    const revocation = { organizationId, apiKeyId, event, unusedSince };
    return this.storage.write((manager) => revokeApiKey(manager, revocation));
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
    await this.inBatches([...lastUsed], recordKeyUse);
  }

  override async recordSecretsLastUsed(lastUsed: ReadonlyMap<string, Date>): Promise<void> {
    await this.inBatches([...lastUsed], recordSecretUse);
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
